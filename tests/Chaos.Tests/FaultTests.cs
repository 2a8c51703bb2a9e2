using Gongji.Chaos.Faults;
using Xunit.Abstractions;

namespace Gongji.Chaos.Tests;

/// <summary>One short round of each fault; the long form is <c>./run chaos</c>.</summary>
public abstract class FaultTests(SiteFixture fixture, ITestOutputHelper output)
{
    private const int Seed = 20241202;

    internal async Task LosesAndDoublesNothingAsync(string name)
    {
        Fault? fault = fixture.Site.Store.Faults.SingleOrDefault(fault => fault.Name == name);
        if (fault is null)
        {
            // Only root can mount a file system; the limit on file sizes stands in for it.
            output.WriteLine($"{name} cannot be brought about here.");
            return;
        }

        Deviations deviations = new();
        RoundReport report = await new Round(fixture.Site, fault, 1, Seed, deviations).RunAsync();
        output.WriteLine(report.ToString());

        Assert.True(deviations.Count == 0, $"{string.Join('\n', deviations.Kept)}\nThe product said:\n{fixture.Site.Said}");
        Assert.Equal("audit ok", report.Audit);
        Assert.Equal((0, 0), (deviations.Lost, deviations.Doubled));
    }
}

/// <summary>Runs on a real PostgreSQL.</summary>
public sealed class PostgresFaultTests(PostgresSite fixture, ITestOutputHelper output) : FaultTests(fixture, output), IClassFixture<PostgresSite>
{
    [Theory]
    [InlineData("product-killed")]
    [InlineData("product-frozen")]
    [InlineData("clock-forward")]
    [InlineData("clock-back")]
    [InlineData("server-immediate")]
    [InlineData("server-killed")]
    [InlineData("connections-cut")]
    [InlineData("all-connections-cut")]
    [InlineData("server-unreachable")]
    [InlineData("server-silent")]
    public Task Fault_under_load_loses_and_doubles_nothing(string fault) => LosesAndDoublesNothingAsync(fault);
}

/// <summary>Runs on the embedded store.</summary>
public sealed class SqliteFaultTests(SqliteSite fixture, ITestOutputHelper output) : FaultTests(fixture, output), IClassFixture<SqliteSite>
{
    [Theory]
    [InlineData("product-killed")]
    [InlineData("product-frozen")]
    [InlineData("clock-forward")]
    [InlineData("clock-back")]
    [InlineData("disk-full")]
    [InlineData("file-limit")]
    public Task Fault_under_load_loses_and_doubles_nothing(string fault) => LosesAndDoublesNothingAsync(fault);
}
