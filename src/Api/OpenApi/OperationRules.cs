using System.Globalization;
using System.Text.Json.Nodes;
using Gongji.Api.Contracts;
using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gongji.Api.OpenApi;

/// <summary>Adds to operations what their signatures cannot express: the form of path parameters, query parameters, headers.</summary>
internal sealed class OperationRules : IOpenApiOperationTransformer
{
    /// <summary>Operations whose answers carry the replay header.</summary>
    private static readonly HashSet<string?> AnsweredAgain =
    [
        "createTransfer", "acceptTransfer", "rejectTransfer", "cancelTransfer", "createPayment", "refundPayment", "createContribution", "creditPerson",
        "settleClearingDay", "topUpRegion",
    ];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            Describe(parameter);
        }

        switch (operation.OperationId)
        {
            case "listEntries":
                operation.Parameters ??= [];
                operation.Parameters.Add(Number("after", "Only entries with a greater version than this.", 0, 0, long.MaxValue));
                operation.Parameters.Add(Number("limit", "The most entries of a page.", ApiLimits.EntriesPerPageDefault, 1, ApiLimits.EntriesPerPageMax));
                break;
            case EventEndpoints.Operation:
                operation.Parameters ??= [];
                operation.Parameters.Add(Text("after", ParameterLocation.Query, "Where to start: after the event with this id; 0 (default): at the beginning of the ledger; now: with what comes next."));
                operation.Parameters.Add(Text("region", ParameterLocation.Query, "Only events of persons insured in this region (six-digit code).", new RegionCodeTextAttribute().Pattern));
                operation.Parameters.Add(Text("province", ParameterLocation.Query, "Only events of persons insured in this province (two digits).", new ProvinceTextAttribute().Pattern));
                operation.Parameters.Add(Text("Last-Event-ID", ParameterLocation.Header, "As after, but not now. An EventSource sends it by itself. It has precedence over after."));
                break;
            case ReconciliationEndpoints.CompareOperation:
                operation.Parameters ??= [];
                operation.Parameters.Add(Text("after", ParameterLocation.Query, "Only breaks with a greater id than this.", format: "uuid"));
                operation.Parameters.Add(Number("limit", "The most breaks of a page. 0: no breaks, only totals and pairs.", ApiLimits.BreaksPerPageDefault, 0, ApiLimits.BreaksPerPageMax));
                break;
            case "createTransfer":
                AddHeader(operation, "201", "Location", "The address of the transfer.");
                break;
            case "createPayment" or "createContribution":
                AddHeader(operation, "201", "Location", "The address of the payment or contribution.");
                break;
            case BatchEndpoints.Operation:
                await SetLinesAsync(operation.RequestBody?.Content, context, cancellationToken, BatchEndpoints.LineTypes);
                await SetLinesAsync(operation.Responses?["200"].Content, context, cancellationToken, BatchEndpoints.LineAnswerTypes);
                break;
            case "creditPersons":
                await SetLinesAsync(operation.Responses?["200"].Content, context, cancellationToken, typeof(LineAnswer), typeof(LineProblem));
                break;
            case StatsEndpoints.Operation:
                operation.Parameters ??= [];
                operation.Parameters.Add(Day("from", "The first clearing day, YYYY-MM-DD."));
                operation.Parameters.Add(Day("to", "The last clearing day (included), YYYY-MM-DD. Not before from."));
                break;
        }

        if (AnsweredAgain.Contains(operation.OperationId))
        {
            AddHeader(operation, "200", Answers.ReplayHeader, "true if the command was done before; the body is the first answer again. Absent otherwise.");
            AddHeader(operation, "201", Answers.ReplayHeader, "true if the command was done before; the body is the first answer again. Absent otherwise.");
        }

        foreach (string status in new[] { "429", "503", "504" })
        {
            AddHeader(operation, status, "Retry-After", "How many seconds to wait before asking again.");
        }
    }

    /// <summary>Describes a line as one of several types.</summary>
    private static async Task SetLinesAsync(
        IDictionary<string, OpenApiMediaType>? content, OpenApiOperationTransformerContext context, CancellationToken cancellationToken, params IReadOnlyList<Type> lines)
    {
        List<IOpenApiSchema> schemas = [];
        foreach (Type line in lines)
        {
            context.Document!.AddComponent(line.Name, await context.GetOrCreateSchemaAsync(line, null, cancellationToken));
            schemas.Add(new OpenApiSchemaReference(line.Name, context.Document));
        }

        foreach (OpenApiMediaType type in content?.Values ?? [])
        {
            type.Schema = new OpenApiSchema { AnyOf = schemas };
        }
    }

    private static void Describe(OpenApiParameter parameter)
    {
        OpenApiSchema schema = new() { Type = JsonSchemaType.String };
        switch (parameter.Name)
        {
            case "person":
                (parameter.Description, schema.Pattern) = ("The person's identifier (psn_no).", new PersonIdTextAttribute().Pattern);
                break;
            case "giver":
                (parameter.Description, schema.Pattern) = ("The person whose money the relation opens (psn_no).", new PersonIdTextAttribute().Pattern);
                break;
            case "recipient":
                (parameter.Description, schema.Pattern) = ("The person who may draw on it (psn_no).", new PersonIdTextAttribute().Pattern);
                break;
            case "infno":
                (parameter.Description, schema.Pattern) = ("The number of the message: 2207, 2208, 2601, 3201 or 3202.", "^[0-9]{4}$");
                break;
            case "region":
                (parameter.Description, schema.Pattern) = ("The region's six-digit code (GB/T 2260).", new RegionCodeTextAttribute().Pattern);
                break;
            case "day":
                (parameter.Description, schema.Format) = ("A clearing day in Asia/Shanghai, YYYY-MM-DD. What came after a day was closed belongs to the next open day.", "date");
                break;
            case "month":
                (parameter.Description, schema.Pattern) = ("The month, YYYY-MM.", new MonthAttribute().Pattern);
                break;
            case "id":
                (parameter.Description, schema.Format) = ("The id that the caller gave the transfer, payment or contribution.", "uuid");
                break;
            default:
                return;
        }

        parameter.Schema = schema;
    }

    private static OpenApiParameter Text(string name, ParameterLocation place, string description, string? pattern = null, string? format = null) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern, Format = format },
    };

    private static OpenApiParameter Day(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = new DayAttribute().Pattern },
    };

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
