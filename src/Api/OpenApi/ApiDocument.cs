using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gongji.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gongji.Api.OpenApi;

/// <summary>The OpenAPI document of this API; openapi.v1.json is the copy under review.</summary>
internal static class ApiDocument
{
    /// <summary>The document's name, which is also the API's version.</summary>
    public const string Name = "v1";

    /// <summary>Where it is served.</summary>
    public const string Path = $"/openapi/{Name}.json";

    private const string Description = """
        A durable ledger for medical-insurance mutual aid. Money is integer fen. Times are RFC 3339, business days are those of Asia/Shanghai.
        Money-moving commands carry an id that the caller chose: the same id with the same content gets the first answer again, with the
        header Idempotent-Replay: true; with other content it gets 409 idempotency-mismatch. A refused command leaves no trace.
        504 outcome-unknown means: ask again with the same id. Calls are signed; a call asked again is signed anew, with the same id.
        """;

    public static void AddGongjiOpenApi(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        // HEAD is GET without a body: there is nothing to describe.
        options.ShouldInclude = call => call.HttpMethod != HttpMethods.Head;
        options.AddSchemaTransformer<SchemaRules>();
        options.AddOperationTransformer<OperationRules>();
        options.AddOperationTransformer<SigningRules>();
        options.AddDocumentTransformer<SigningRules>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Gongji", Version = Name, Description = Description };

            // The document is the same wherever it is served.
            document.Servers = [];
            return Task.CompletedTask;
        });
    });

    /// <summary>Makes schemas describe types as this API reads and writes them.</summary>
    public static void UseSchemaJson(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, ApiJson.Shared);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
    }

    /// <summary>Renders the document as it is served.</summary>
    public static async Task<string> RenderAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        IOpenApiDocumentProvider provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        OpenApiDocument document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        await using StringWriter text = new(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text.ToString();
    }
}
