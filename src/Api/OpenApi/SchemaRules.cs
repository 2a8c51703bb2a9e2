using System.Text.Json.Nodes;
using Gongji.Api.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gongji.Api.OpenApi;

/// <summary>Writes what the fields' <see cref="SchemaAttribute"/>s say into their schemas.</summary>
internal sealed class SchemaRules : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (object rule in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(SchemaAttribute), inherit: true) ?? [])
        {
            OpenApiSchema target = schema.Items as OpenApiSchema ?? schema;
            switch (rule)
            {
                case WordsAttribute words:
                    target.Enum = [.. words.Words.Select(word => (JsonNode)word)];
                    if (target.Type?.HasFlag(JsonSchemaType.Null) == true)
                    {
                        // An enum lists every possible value, so it must include null.
                        target.Enum.Add(JsonNullSentinel.JsonNull);
                    }

                    break;
                case PatternAttribute pattern:
                    target.Pattern = pattern.Pattern;
                    target.Examples = [pattern.Example];
                    break;
                case MomentAttribute:
                    target.Format = "date-time";
                    break;
                case BetweenAttribute between:
                    target.Minimum = Invariant(between.Least);
                    target.Maximum = Invariant(between.Most);
                    break;
            }
        }

        return Task.CompletedTask;
    }

    private static string Invariant(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
