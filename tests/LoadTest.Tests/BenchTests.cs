namespace Gongji.LoadTest.Tests;

public sealed class BenchTests
{
    /// <summary>The scenarios without a second process of the product, and one stored procedure: each starts, moves money, and ends. 06:00 comes after the silo is ready.</summary>
    [Fact]
    public async Task Scenarios_run_to_their_end_and_the_audit_finds_nothing()
    {
        string[] scenarios =
        [
            BenchNames.Uniform, BenchNames.HalfLoad, BenchNames.HotPerson, BenchNames.HotRegion, BenchNames.Zipf, BenchNames.Accept,
            BenchNames.Payment2, BenchNames.Return, BenchNames.ProcedureUniform,
        ];
        BenchOptions options = new() { Seconds = 1, WarmUpSeconds = 0, Rounds = 1, Accounts = 4_000, Holds = 400, InFlight = 64, IsVerbose = true, Scenarios = scenarios };
        using StringWriter output = new();
        Assert.True(await new Bench(options, output).RunAsync(CancellationToken.None), output.ToString());
        string[] lines = output.ToString().Split('\n');
        Assert.All(scenarios, name => Assert.Single(lines, line => line.StartsWith(name + " ", StringComparison.Ordinal) && !line.Contains(" / ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("400 holds were back", StringComparison.Ordinal));
    }
}
