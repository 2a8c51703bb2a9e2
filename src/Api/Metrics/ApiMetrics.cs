using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Gongji.Silo;

namespace Gongji.Api.Metrics;

/// <summary>The metrics that the HTTP side counts itself, in meter <see cref="MeterName"/>. Labels are routes and words of the contract, never anything about a person.</summary>
internal static class ApiMetrics
{
    public const string MeterName = "Gongji.Api";

    /// <summary>The outcome label of a line whose command was done.</summary>
    private const string Done = "done";

    private static readonly Meter Meter = NewMeter();

    private static readonly Counter<long> Problems = Meter.CreateCounter<long>("gongji.api.problems", "{problem}", "Requests answered with a problem, by its code.");

    private static readonly Counter<long> Lines = Meter.CreateCounter<long>("gongji.api.lines", "{line}", "Lines of uploads answered, by op and outcome: done, or the problem's code.");

    private static readonly Gauge<int> Build = Meter.CreateGauge<int>("gongji.build.info", null, "Always 1; what runs is in the labels.");

    /// <summary>The program's version, with its commit where that is known.</summary>
    public static string Version { get; } =
        typeof(ApiMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Records which build runs.</summary>
    public static void Started(SiloOptions options) => Build.Record(
        1,
        new TagList
        {
            { "version", Version },
            { "grain.runtime", GongjiSilo.RuntimeName },
            { "store", options.PostgresConnectionString is null ? "sqlite" : "postgresql" },
        });

    /// <summary>Counts a request that was answered with a problem.</summary>
    public static void ProblemAnswered(HttpContext http, string code) => Problems.Add(
        1,
        new KeyValuePair<string, object?>("http.route", RouteLabel.Of(http)),
        new KeyValuePair<string, object?>("code", code));

    /// <summary>Counts an answered line of an upload.</summary>
    /// <param name="op">What the line asked for.</param>
    /// <param name="code">The problem's code; null when the command was done.</param>
    public static void LineAnswered(string op, string? code) =>
        Lines.Add(1, new KeyValuePair<string, object?>("op", op), new KeyValuePair<string, object?>("outcome", code ?? Done));

    /// <summary>Creates the meter, with two gauges that are observed on demand. The runtime's own meter exports these two as counters, though they can fall.</summary>
    private static Meter NewMeter()
    {
        Meter meter = new(MeterName);
        meter.CreateObservableGauge("gongji.thread_pool.threads", static () => ThreadPool.ThreadCount, "{thread}", "Threads of the pool.");
        meter.CreateObservableGauge("gongji.thread_pool.queue", static () => ThreadPool.PendingWorkItemCount, "{work_item}", "Work items that wait for a thread of the pool.");
        return meter;
    }
}
