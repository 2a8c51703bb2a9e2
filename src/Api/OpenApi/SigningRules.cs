using Gongji.Api.Signing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gongji.Api.OpenApi;

/// <summary>Says for each operation whether it must be signed, and with which roles.</summary>
internal sealed class SigningRules : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    private const string Scheme = "messageSignature";

    private const string Description = """
        HTTP message signatures (RFC 9421). The header Signature-Input covers "@method", "@target-uri" and, if there is a body, "content-digest" (RFC 9530,
        sha-256 or sha-512). Its parameters, all required, are created, expires (at most 5 minutes after created), nonce (1 to 200 characters, never used before
        with this key), keyid, and alg (hmac-sha256 or ecdsa-p256-sha256). The header Signature contains the signature. A key has roles (gateway, operator,
        auditor) and provinces. A gateway acts only for persons insured in its provinces.
        """;

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Client.SignedFields.SignatureField,
            Description = Description.ReplaceLineEndings(" "),
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<CallRule>().FirstOrDefault() is { IsOpen: false } rule)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [.. RolesOf(rule)] }];
        }

        return Task.CompletedTask;
    }

    /// <summary>The roles that the operation accepts; OpenAPI 3.1 lets any scheme list roles.</summary>
    private static IEnumerable<string> RolesOf(CallRule rule) =>
        Enum.GetValues<GatewayRoles>().Where(role => role is GatewayRoles.Gateway or GatewayRoles.Operator or GatewayRoles.Auditor && rule.Roles.HasFlag(role))
            .Select(role => role.ToString().ToLowerInvariant());
}
