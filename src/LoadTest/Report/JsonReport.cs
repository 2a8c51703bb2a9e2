using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gongji.LoadTest;

/// <summary>The figures as JSON: <c>machine, settings, scenarios[], peers[], ratios, audit</c>.</summary>
internal static class JsonReport
{
    public static string Write(BenchReport report) => JsonSerializer.Serialize(
        new ReportDocument(
            report.Machine,
            report.Settings,
            [.. report.Scenarios.Select(FiguresDocument.Of)],
            [.. report.Peers.Select(FiguresDocument.Of)],
            report.Ratios.ToDictionary(ratio => ratio.Key, ratio => Math.Round(ratio.Value, 3)),
            report.Audit),
        ReportJson.Default.ReportDocument);
}

/// <summary>The document.</summary>
internal sealed record ReportDocument(
    IReadOnlyDictionary<string, string> Machine,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<FiguresDocument> Scenarios,
    IReadOnlyList<FiguresDocument> Peers,
    IReadOnlyDictionary<string, double> Ratios,
    AuditTotals? Audit);

/// <summary>The figures of one scenario or peer.</summary>
internal sealed record FiguresDocument(
    string Name, double TransfersPerSecond, double P50Ms, double P99Ms, double MaxMs, double ClientCores, double ServerCores)
{
    public static FiguresDocument Of(ScenarioResult result) => new(
        result.Name,
        Math.Round(result.TransfersPerSecond, 1),
        Math.Round(result.P50Ms, 3),
        Math.Round(result.P99Ms, 3),
        Math.Round(result.MaxMs, 3),
        Math.Round(result.ClientCores, 3),
        Math.Round(result.ServerCores, 3));
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;
