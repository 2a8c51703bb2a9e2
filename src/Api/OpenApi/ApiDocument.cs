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
        A durable ledger for medical-insurance mutual aid. Money is an integer number of fen. Times are RFC 3339. Business days are those of Asia/Shanghai.
        A command that moves money carries an id that the caller chooses. The same id with the same content gets the first answer again, with the
        header Idempotent-Replay: true (in a line of a stream: replay). The same id with other content gets 409 idempotency-mismatch.
        A refused command changes no balance, and the refusal is not remembered: asked again, the command is decided anew.
        503 ledger-unavailable: nothing was decided. 504 outcome-unknown: the command may have been done; send it again with the same id.
        Calls are signed. Sign every repeated call anew, with a new nonce; the id in it stays the same.
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
