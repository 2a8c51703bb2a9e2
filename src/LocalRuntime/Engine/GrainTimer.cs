namespace Gongji.LocalRuntime.Engine;

/// <summary>A grain's timer. Each tick is a request to the timer's own activation: it is queued, and never runs in parallel with another tick.</summary>
internal sealed class GrainTimer : VoidRequest, IGrainTimer
{
    private static readonly CallMethod Tick = new(typeof(IGrainTimer).GetMethod(nameof(IGrainTimer.Change))!) { OneWay = true };
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _changed, _firing;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        (_activation, _callback, _options) = (activation, callback, options);
        _timer = activation.Silo.Cluster.CreateTimer(static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan);
        (activation.Extras.Timers ??= []).Add(this);
        Change(options.DueTime, options.Period);
    }

    public override CallMethod Method => Tick;

    internal override bool IsAlwaysInterleave => _options.Interleave;

    internal override bool IsLocalOnly => true;

    internal override bool KeepsAlive => _options.KeepAlive;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        (_changed, _dueTime, _period) = (true, dueTime, period);
        if (!_firing) Arm(dueTime);
    }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested) return;
        _timer.Dispose();
        _stopping.Cancel();
        _activation.Extras.Timers!.Remove(this);
    }

    public override ValueTask CallVoid(object grain) => new(TickAsync());

    private async Task TickAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        _changed = false;
        try
        {
            await _callback(_stopping.Token);
        }
        catch (Exception error) when (error is not InconsistentStateException)
        {
            Log.TimerFailed(_activation.Silo.Logger, _activation.Class.GrainType, error);
        }
        finally
        {
            _firing = false;
            Arm(_changed ? _dueTime : _period);
        }
    }

    private void Fire()
    {
        _firing = true;
        _activation.Enqueue(this);
    }

    private void Arm(TimeSpan dueTime)
    {
        if (!_stopping.IsCancellationRequested) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }
}
