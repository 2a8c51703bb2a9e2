using Microsoft.AspNetCore.Http.Metadata;

namespace Gongji.Api.Metrics;

/// <summary>An endpoint's route as metrics show it, in the contract's spelling. Routing ends the route of a group's own address with a slash; this removes it.</summary>
internal sealed record RouteLabel(string Route) : IRouteDiagnosticsMetadata
{
    /// <summary>Labels an endpoint.</summary>
    public static void AddTo(EndpointBuilder builder)
    {
        if (builder is RouteEndpointBuilder { RoutePattern.RawText: { Length: > 1 } route })
        {
            builder.Metadata.Add(new RouteLabel(route.TrimEnd('/')));
        }
    }

    /// <summary>The label of the endpoint that a request was routed to; empty when there is none.</summary>
    public static string Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route ?? string.Empty;
}
