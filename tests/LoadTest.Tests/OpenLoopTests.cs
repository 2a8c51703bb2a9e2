namespace Gongji.LoadTest.Tests;

public sealed class OpenLoopTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_stall_counts_for_everything_that_was_due_meanwhile()
    {
        Recorder recorder = NewRecorder();
        OpenLoop loop = new(new InstantLoad(), perSecond: 1_000, recorder, _time);
        loop.StartUnpaced();

        // For one second nothing can be started; then everything is started, and done at once.
        _time.Advance(TimeSpan.FromSeconds(1));
        loop.StartDue();

        Assert.Equal(1_000, recorder.Latencies.Count);
        Assert.Equal(999_000, recorder.Latencies.MaxUs);
        Assert.InRange(recorder.Latencies.PercentileUs(0.5), 499_000, 502_000);
    }

    [Fact]
    public void What_is_not_due_is_not_started()
    {
        OpenLoop loop = new(new InstantLoad(), perSecond: 100, NewRecorder(), _time);
        loop.StartUnpaced();
        loop.StartDue();
        Assert.Equal(0, loop.StartedCount);
        _time.Advance(TimeSpan.FromMilliseconds(95));
        loop.StartDue();
        Assert.Equal(9, loop.StartedCount);
        loop.StartDue();
        Assert.Equal(9, loop.StartedCount);
    }

    [Fact]
    public async Task Latency_of_a_slow_operation_counts_from_when_it_was_due()
    {
        Recorder recorder = NewRecorder();
        HeldLoad load = new();
        OpenLoop loop = new(load, perSecond: 10, recorder, _time);
        loop.StartUnpaced();
        _time.Advance(TimeSpan.FromMilliseconds(150));
        loop.StartDue();
        _time.Advance(TimeSpan.FromMilliseconds(850));
        load.Release();
        Assert.Equal(0, await loop.StopAsync());
        Assert.Equal((1, 900_000), (recorder.Latencies.Count, recorder.Latencies.MaxUs));
    }

    [Fact]
    public void With_too_much_in_flight_the_rest_waits_and_still_counts_from_when_it_was_due()
    {
        Recorder recorder = NewRecorder();
        HeldLoad load = new();
        OpenLoop loop = new(load, perSecond: BenchLimits.OpenLoopInFlightMax, recorder, _time);
        loop.StartUnpaced();
        _time.Advance(TimeSpan.FromSeconds(2));
        loop.StartDue();
        Assert.Equal(BenchLimits.OpenLoopInFlightMax, loop.StartedCount);
        load.Release();
        loop.StartDue();
        Assert.Equal(2L * BenchLimits.OpenLoopInFlightMax, loop.StartedCount);

        // The first of the operations that waited was due after one second.
        Assert.InRange(recorder.Latencies.PercentileUs(0.5), 999_000, 1_001_000);
    }

    [Fact]
    public void Operations_due_outside_of_the_window_do_not_count()
    {
        Recorder recorder = new(_time, countsByStart: true);
        recorder.Start();
        OpenLoop loop = new(new InstantLoad(), perSecond: 1_000, recorder, _time);
        loop.StartUnpaced();
        _time.Advance(TimeSpan.FromSeconds(1));
        recorder.Begin();
        loop.StartDue();

        // The last of the thousand operations is due at this very moment.
        Assert.Equal(1, recorder.Latencies.Count);
        _time.Advance(TimeSpan.FromSeconds(2));
        recorder.End();
        _time.Advance(TimeSpan.FromSeconds(3));
        loop.StartDue();
        Assert.Equal(2_000, recorder.Latencies.Count);
        Assert.Equal(TimeSpan.FromSeconds(2), recorder.Window);
    }

    private Recorder NewRecorder()
    {
        Recorder recorder = new(_time, countsByStart: true);
        recorder.Start();
        recorder.Begin();
        return recorder;
    }

    private sealed class InstantLoad : ILoad
    {
        public Task<string?> RunOnceAsync(LoadWorker worker) => Task.FromResult<string?>(null);
    }

    /// <summary>Holds every operation until it is released.</summary>
    private sealed class HeldLoad : ILoad
    {
        private readonly TaskCompletionSource<string?> _held = new();

        public Task<string?> RunOnceAsync(LoadWorker worker) => _held.Task;

        public void Release() => _held.SetResult(null);
    }
}
