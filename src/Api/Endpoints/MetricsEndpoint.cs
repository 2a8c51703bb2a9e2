using Gongji.Api.Http;
using Gongji.Api.Signing;

namespace Gongji.Api.Endpoints;

/// <summary>The endpoint that Prometheus scrapes.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        RequestDelegate write = ((IApplicationBuilder)app).New().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();
        app.MapGet("/metrics", (Delegate)((HttpContext http) => write(http)))
            .WithTags("Health")
            .By(CallRule.Open)
            .TakesHead()
            .WithName("metrics")
            .WithSummary("Gets metrics in the Prometheus text format (version 0.0.4). docs/operating.md explains each of them.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .DisableRateLimiting();
    }
}
