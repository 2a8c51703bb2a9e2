using System.Text.Json;

namespace Gongji.LoadTest.Tests;

public sealed class JsonReportTests
{
    private static readonly string[] Figures = ["name", "transfersPerSecond", "p50Ms", "p99Ms", "maxMs", "clientCores", "serverCores"];

    private static readonly BenchReport Report = new()
    {
        Machine = new Dictionary<string, string> { ["cores"] = "2" },
        Settings = new Dictionary<string, string> { ["postgres.fsync"] = "on" },
        Scenarios = [new("uniform", 50_000.04, 12.3456, 40, 90, 0.9, 1), new("hot-region", 45_000, 12, 40, 90, 0.9, 1)],
        Peers = [new("stored-procedure-uniform", 8_000, 4, 10, 20, 0.3, 1.5)],
        Audit = new AuditTotals(1_000, 0),
    };

    [Fact]
    public void Document_has_the_shape_that_the_issue_gives()
    {
        using JsonDocument document = JsonDocument.Parse(JsonReport.Write(Report));
        JsonElement root = document.RootElement;
        Assert.Equal(["machine", "settings", "scenarios", "peers", "ratios", "audit"], Names(root));
        Assert.Equal(Figures, Names(root.GetProperty("scenarios")[0]));
        Assert.Equal(Figures, Names(root.GetProperty("peers")[0]));
        Assert.Equal(["checked", "violations"], Names(root.GetProperty("audit")));
        Assert.Equal("uniform", root.GetProperty("scenarios")[0].GetProperty("name").GetString());
        Assert.Equal(12.346, root.GetProperty("scenarios")[0].GetProperty("p50Ms").GetDouble());
    }

    [Fact]
    public void Ratios_are_those_of_which_both_figures_are_there()
    {
        Assert.Equal(["uniform / stored-procedure-uniform", "hot-region / uniform"], Report.Ratios.Keys);
        Assert.Equal(6.25, Report.Ratios["uniform / stored-procedure-uniform"], 3);
    }

    [Fact]
    public void Plot_page_loads_nothing_from_elsewhere()
    {
        SeriesPoint[] series = [new(0.25, 100, 1, 2, 3, false), new(0.5, 200, 1, 2, 3, true)];
        string page = PlotPage.Write(Report with { Scenarios = [Report.Scenarios[0] with { Series = series }, Report.Scenarios[1]] });
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("<polyline", page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
