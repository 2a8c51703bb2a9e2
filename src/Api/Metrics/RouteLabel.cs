using Microsoft.AspNetCore.Http.Metadata;

namespace Gongji.Api.Metrics;

/// <summary>An endpoint's route as metrics show it: as the contract writes it. Routing ends the one of a group's own address with a slash.</summary>
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

    /// <summary>That of the endpoint a request was routed to; empty when there is none.</summary>
    public static string Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route ?? string.Empty;
}
