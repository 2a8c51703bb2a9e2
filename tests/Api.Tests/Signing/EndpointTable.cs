using System.Net.Http.Headers;
using Gongji.Api.Signing;
using Gongji.Api.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gongji.Api.Tests.Signing;

/// <summary>The expected endpoints and who may call them, written down a second time, so that a changed rule is noticed.</summary>
internal static class EndpointTable
{
    private const string Person = "/v1/persons/{person}";
    private const string Relation = "/v1/relations/{giver}/{recipient}";

    public static IReadOnlyDictionary<string, CallRule> Expected { get; } = new Dictionary<string, CallRule>
    {
        ["GET /"] = CallRule.Open,
        ["GET /favicon.ico"] = CallRule.Open,
        ["GET /health/live"] = CallRule.Open,
        ["GET /health/ready"] = CallRule.Open,
        ["GET /metrics"] = CallRule.Open,
        ["GET /openapi/v1.json"] = CallRule.Open,
        ["GET /v1/regions"] = CallRule.Reader,
        ["GET /v1/regions/{region}"] = CallRule.Reader,
        ["PUT /v1/regions/{region}"] = CallRule.Operator.InRegion("region"),
        ["POST /v1/regions/{region}/top-ups"] = CallRule.Operator.InRegion("region"),
        [$"PUT {Person}"] = CallRule.Gateway,
        [$"GET {Person}"] = CallRule.PersonReader.ForPerson("person"),
        [$"GET {Person}/entries"] = CallRule.PersonReader.ForPerson("person"),
        [$"POST {Person}/wallet"] = CallRule.Gateway.ForPerson("person"),
        [$"DELETE {Person}/wallet"] = CallRule.Gateway.ForPerson("person"),
        [$"POST {Person}/credits"] = CallRule.Gateway,
        ["POST /v1/credits"] = CallRule.Gateway.WithUpload(),
        [$"PUT {Relation}"] = CallRule.Gateway.ForPerson("giver"),
        [$"POST {Relation}/consent"] = CallRule.Gateway.ForPerson("recipient"),
        [$"DELETE {Relation}"] = CallRule.Gateway.ForPerson("giver", "recipient"),
        [$"GET {Person}/relations"] = CallRule.PersonReader.ForPerson("person"),
        [$"PUT {Person}/relatives-order"] = CallRule.Gateway.ForPerson("person"),
        [$"GET {Person}/relatives-order"] = CallRule.PersonReader.ForPerson("person"),
        ["POST /v1/transfers"] = CallRule.Gateway,
        ["GET /v1/transfers/{id}"] = CallRule.PersonReader,
        ["POST /v1/transfers/{id}/accept"] = CallRule.Gateway,
        ["POST /v1/transfers/{id}/reject"] = CallRule.Gateway,
        ["POST /v1/transfers/{id}/cancel"] = CallRule.Gateway,
        ["POST /v1/payments"] = CallRule.Gateway,
        ["GET /v1/payments/{id}"] = CallRule.PersonReader,
        ["POST /v1/payments/{id}/refunds"] = CallRule.Gateway,
        ["POST /v1/contributions"] = CallRule.Gateway,
        ["POST /national/{infno}"] = CallRule.Gateway,
        ["POST /v1/batch"] = CallRule.Gateway.WithUpload(),
        ["GET /v1/events"] = CallRule.PersonReader,
        ["GET /v1/reconciliation/{region}/{day}"] = CallRule.Reader.InRegion("region"),
        ["POST /v1/reconciliation/{region}/{day}"] = CallRule.Reader.InRegion("region").WithUpload(),
        ["GET /v1/audit"] = CallRule.Auditor,
        ["GET /v1/clearing/{day}"] = CallRule.Reader,
        ["POST /v1/clearing/{day}/close"] = CallRule.Operator.Nationally(),
        ["POST /v1/clearing/{day}/settlements"] = CallRule.Party,
        ["GET /v1/clearing/statements/{month}"] = CallRule.Reader,
        ["POST /v1/clearing/statements/{month}/signatures"] = CallRule.Party,
        ["GET /v1/clearing/prepayments"] = CallRule.Reader,
        ["GET /v1/stats/aid"] = CallRule.Reader,
        ["GET /v1/clock"] = CallRule.Reader,
        ["PUT /v1/clock"] = CallRule.Operator.Nationally(),
    };

    /// <summary>The same table with HEAD, which has the rule of GET, except for streams that never end, which have no HEAD.</summary>
    public static IReadOnlyDictionary<string, CallRule> ExpectedWithHead { get; } = Expected
        .Concat(Expected
            .Where(each => each.Key.StartsWith("GET ", StringComparison.Ordinal) && each.Key != "GET /v1/events")
            .Select(each => KeyValuePair.Create($"HEAD{each.Key[3..]}", each.Value)))
        .ToDictionary();

    /// <summary>The endpoints of a server, with their rules; null for an endpoint without one.</summary>
    public static IReadOnlyDictionary<string, CallRule?> Mapped(IServiceProvider services) => services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
            (Name: $"{method} /{endpoint.RoutePattern.RawText!.Replace("{documentName}", "v1", StringComparison.Ordinal).Trim('/')}", Rule: endpoint.Metadata.GetMetadata<CallRule>())))
        .ToDictionary(each => each.Name, each => each.Rule);

    /// <summary>A request that reaches an endpoint.</summary>
    public static HttpRequestMessage RequestTo(Uri address, string endpoint)
    {
        string[] parts = endpoint.Split(' ');
        string path = parts[1].Replace("{person}", "p", StringComparison.Ordinal).Replace("{region}", RunningApp.Zhengzhou, StringComparison.Ordinal)
            .Replace("{day}", "2024-12-02", StringComparison.Ordinal).Replace("{month}", "2024-12", StringComparison.Ordinal)
            .Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{infno}", "2207", StringComparison.Ordinal)
            .Replace("{giver}", "p", StringComparison.Ordinal).Replace("{recipient}", "q", StringComparison.Ordinal);
        HttpRequestMessage request = new(new HttpMethod(parts[0]), new Uri(address, path));
        if (parts[0] is "PUT" or "POST")
        {
            request.Content = new ByteArrayContent("{}"u8.ToArray());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(
                path is "/v1/credits" or "/v1/batch" ? "application/x-ndjson" : path.StartsWith("/v1/reconciliation", StringComparison.Ordinal) ? "text/csv" : "application/json");
        }

        return request;
    }
}
