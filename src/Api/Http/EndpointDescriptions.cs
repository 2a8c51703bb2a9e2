using Gongji.Api.Contracts;

namespace Gongji.Api.Http;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointDescriptions
{
    private const string JsonType = "application/json";

    /// <summary>Names an operation and says what it does and answers.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(
        this RouteHandlerBuilder endpoint, string operation, string summary, int status = StatusCodes.Status200OK) =>
        endpoint.WithName(operation).WithSummary(summary).Produces<TAnswer>(status, JsonType);

    /// <summary>Says what JSON the operation takes; other media types are refused by routing.</summary>
    public static RouteHandlerBuilder Takes<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : notnull => endpoint.Accepts<TRequest>(JsonType);

    /// <summary>Says which errors the operation can answer.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.Produces<Problem>(status, ProblemAnswer.ContentType);
        }

        return endpoint;
    }
}
