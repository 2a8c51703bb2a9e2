using System.Globalization;
using System.Text.Json.Nodes;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gongji.Api.OpenApi;

/// <summary>Says of operations what their signatures do not: the form of path parameters, query parameters, headers.</summary>
internal sealed class OperationRules : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            Describe(parameter);
        }

        switch (operation.OperationId)
        {
            case "listEntries":
                operation.Parameters ??= [];
                operation.Parameters.Add(Number("after", "Entries with a greater version than this.", 0, 0, long.MaxValue));
                operation.Parameters.Add(Number("limit", "At most this many.", ApiLimits.EntriesPerPageDefault, 1, ApiLimits.EntriesPerPageMax));
                break;
            case "createTransfer":
                AddHeader(operation, "201", "Location", "Where the transfer is.");
                AddHeader(operation, "201", Answers.ReplayHeader, "true: the first answer again.");
                break;
            case "creditPerson":
                AddHeader(operation, "201", Answers.ReplayHeader, "true: the first answer again.");
                break;
        }

        foreach (string status in new[] { "429", "503", "504" })
        {
            AddHeader(operation, status, "Retry-After", "Seconds to wait before asking again.");
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiParameter parameter)
    {
        OpenApiSchema schema = new() { Type = JsonSchemaType.String };
        switch (parameter.Name)
        {
            case "person":
                (parameter.Description, schema.Pattern) = ("The person's identifier (psn_no).", new PersonIdTextAttribute().Pattern);
                break;
            case "region":
                (parameter.Description, schema.Pattern) = ("A six-digit GB/T 2260 code.", new RegionCodeTextAttribute().Pattern);
                break;
            case "id":
                (parameter.Description, schema.Format) = ("The id that the caller chose.", "uuid");
                break;
            default:
                return;
        }

        parameter.Schema = schema;
    }

    private static OpenApiParameter Number(string name, string description, long fallback, long least, long most) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = least.ToString(CultureInfo.InvariantCulture),
            Maximum = most.ToString(CultureInfo.InvariantCulture),
            Default = (JsonNode)fallback,
        },
    };

    private static void AddHeader(OpenApiOperation operation, string status, string name, string description)
    {
        if (operation.Responses?.TryGetValue(status, out IOpenApiResponse? response) == true && response is OpenApiResponse writable)
        {
            writable.Headers ??= new Dictionary<string, IOpenApiHeader>();
            writable.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }
}
