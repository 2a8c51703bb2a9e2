using System.Diagnostics.Metrics;
using Gongji.Silo;
using Gongji.Storage;
using OpenTelemetry.Metrics;

namespace Gongji.Api.Metrics;

/// <summary>Which meters are exported, and which instruments of them. docs/operating.md says what each is for; a test compares.</summary>
internal static class MetricsSetup
{
    private const string Http = "Microsoft.AspNetCore.Hosting";
    private const string Runtime = "System.Runtime";
    private const string RequestDuration = "http.server.request.duration";

    /// <summary>The instruments exported from third-party meters: those that an operator of this product needs.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        RequestDuration,
        "http.server.active_requests",
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set",
        "dotnet.gc.collections",
        "dotnet.gc.pause.time",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.heap.size",
        "dotnet.gc.last_collection.memory.committed_size",
    };

    /// <summary>Histogram bounds in seconds, from a call on the embedded store to one that waits out an outage.</summary>
    private static readonly double[] RequestSeconds = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public static void AddGongjiMetrics(this IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics => metrics
        .AddMeter(ApiMetrics.MeterName, Journal.MeterName, GongjiSilo.MeterName, Http, Runtime)
        .AddView(ViewOf)
        .AddPrometheusExporter(exporter =>
        {
            // A scrape is cheap, and concurrent scrapes share one result.
            exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            exporter.ScopeInfoEnabled = false;
            exporter.TargetInfoEnabled = false;
        }));

    private static MetricStreamConfiguration? ViewOf(Instrument instrument) =>
        instrument.Meter.Name is not (Http or Runtime) ? null
        : !Shown.Contains(instrument.Name) ? MetricStreamConfiguration.Drop
        : instrument.Name == RequestDuration ? new ExplicitBucketHistogramConfiguration
        {
            Boundaries = RequestSeconds,
            TagKeys = ["http.route", "http.request.method", "http.response.status_code"],
        }
        : instrument.Name == "http.server.active_requests" ? new MetricStreamConfiguration { TagKeys = [] }
        : null;
}
