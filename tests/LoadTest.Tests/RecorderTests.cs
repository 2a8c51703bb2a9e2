namespace Gongji.LoadTest.Tests;

public sealed class RecorderTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Closed_loop_counts_what_ends_in_the_window()
    {
        Recorder recorder = new(_time, countsByStart: false);
        recorder.Start();
        long started = _time.GetTimestamp();
        recorder.Record(started, null);
        _time.Advance(TimeSpan.FromSeconds(1));
        recorder.Begin();
        recorder.Record(started, null);
        _time.Advance(TimeSpan.FromSeconds(1));
        recorder.End();
        recorder.Record(started, null);
        Assert.Equal((1, 1_000_000), (recorder.Latencies.Count, recorder.Latencies.MaxUs));
    }

    [Fact]
    public void Refusals_are_counted_by_reason_and_never_as_done()
    {
        Recorder recorder = new(_time, countsByStart: false);
        recorder.Start();
        recorder.Begin();
        recorder.Record(0, "insufficient-funds");
        recorder.Record(0, "insufficient-funds");
        recorder.Record(0, ILoad.AlreadyRecorded);
        Assert.Equal(0, recorder.Latencies.Count);
        Assert.Equal(KeyValuePair.Create("insufficient-funds", 2L), Assert.Single(recorder.Refusals));
    }

    [Fact]
    public void Samples_tell_the_rate_of_their_interval()
    {
        Recorder recorder = new(_time, countsByStart: false);
        recorder.Start();
        for (int i = 0; i < 50; i++)
        {
            recorder.Record(0, null);
        }

        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal((0.25, 200, false), (recorder.Sample().Seconds, recorder.Series[0].PerSecond, recorder.Series[0].IsMeasured));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, recorder.Sample().PerSecond);
    }
}
