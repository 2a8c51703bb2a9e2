using Gongji.Api.Contracts;

namespace Gongji.Api.Http;

/// <summary>Describes endpoints for the OpenAPI document.</summary>
internal static class EndpointDescriptions
{
    private const string JsonType = "application/json";

    /// <summary>Names an operation, and says what it does and what it answers.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(
        this RouteHandlerBuilder endpoint, string operation, string summary, int status = StatusCodes.Status200OK) =>
        endpoint.WithName(operation).WithSummary(summary).Produces<TAnswer>(status, JsonType);

    /// <summary>Declares the JSON type that the operation takes; routing refuses other media types.</summary>
    public static RouteHandlerBuilder Takes<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : notnull => endpoint.Accepts<TRequest>(JsonType);

    /// <summary>Declares the error statuses that the operation can answer.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.Produces<Problem>(status, ProblemAnswer.ContentType);
        }

        return endpoint;
    }
}
