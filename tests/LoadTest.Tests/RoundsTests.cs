namespace Gongji.LoadTest.Tests;

public sealed class RoundsTests
{
    private readonly LeapingTime _time = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task Scenarios_take_turns_and_each_has_all_of_its_seconds()
    {
        int begun = 0;
        IReadOnlyList<ScenarioResult> results = await Runner(rounds: 3).RunInRoundsAsync([Scenario("one"), Scenario("other")], BeginAsync, CancellationToken.None);

        Assert.Equal(3, begun);
        Assert.Equal(["one", "other", "one", "other", "one", "other"], _order);
        Assert.Equal(["one", "other"], results.Select(result => result.Name));

        // The first scenario of a round gets a full warm-up, the second only in the first round.
        Assert.Equal((3 * 5 + 6, 6), SecondsOf(results[0]));
        Assert.Equal((5 + 2 * BenchLimits.RoundWarmUpSeconds + 6, 6), SecondsOf(results[1]));

        Task BeginAsync()
        {
            begun++;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Scenario_alone_is_measured_at_one_go()
    {
        ScenarioResult result = Assert.Single(await Runner(rounds: 3).RunInRoundsAsync([Scenario("one")], () => Task.CompletedTask, CancellationToken.None));

        Assert.Equal((5 + 6, 6), SecondsOf(result));
    }

    [Fact]
    public void Figures_are_of_all_windows_together()
    {
        Measured one = Window(TimeSpan.FromSeconds(1), cores: 1, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));
        Measured other = Window(TimeSpan.FromSeconds(3), cores: 2, TimeSpan.FromMilliseconds(90), TimeSpan.FromMilliseconds(2));

        ScenarioResult result = ScenarioResult.Of("both", one, other);

        Assert.Equal(1, result.TransfersPerSecond, 3);
        Assert.Equal((2, 90), (result.P50Ms, result.MaxMs));
        Assert.Equal((1.75, 0.875), (Math.Round(result.ClientCores, 3), Math.Round(result.ServerCores, 3)));
        Assert.Equal(KeyValuePair.Create("no", 2L), Assert.Single(result.Refusals));
        Assert.Equal([1, 4], result.Series.Select(point => point.Seconds));
    }

    /// <summary>A window with successive latencies, and a refusal.</summary>
    private Measured Window(TimeSpan length, double cores, params TimeSpan[] latencies)
    {
        Recorder recorder = new(_time, countsByStart: false);
        recorder.Start();
        recorder.Begin();
        recorder.Record(_time.GetTimestamp(), "no");
        TimeSpan left = length;
        foreach (TimeSpan latency in latencies)
        {
            long started = _time.GetTimestamp();
            _time.Leap(latency);
            recorder.Record(started, null);
            left -= latency;
        }

        _time.Leap(left);
        recorder.Sample();
        recorder.End();
        return new Measured(recorder, new CoresUsed(cores, cores / 2));
    }

    private ScenarioRunner Runner(int rounds) =>
        new(new BenchOptions { Rounds = rounds, Seconds = 6, WarmUpSeconds = 5 }, new CpuMeter(_time, null), new ProgressBar(), _time);

    /// <summary>A scenario that records its turns.</summary>
    private RoundScenario Scenario(string name) => new(
        name,
        _ =>
        {
            _order.Add(name);
            return new IdleLoad();
        },
        Callers: 1);

    /// <summary>How long a scenario ran, and how much of that was measured.</summary>
    private static (double Whole, double Measured) SecondsOf(ScenarioResult result)
    {
        double measured = 0, before = 0;
        foreach (SeriesPoint point in result.Series)
        {
            measured += point.IsMeasured ? point.Seconds - before : 0;
            before = point.Seconds;
        }

        return (Math.Round(before, 6), Math.Round(measured, 6));
    }

    private sealed class IdleLoad : ILoad
    {
        public async Task<string?> RunOnceAsync(LoadWorker worker)
        {
            await Task.Yield();
            return null;
        }
    }
}
