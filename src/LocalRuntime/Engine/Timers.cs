namespace Gongji.LocalRuntime.Engine;

internal static class TimerExtensions
{
    /// <summary>Creates a timer that fires once and does not carry the caller's async locals along.</summary>
    internal static ITimer CreateDetachedTimer(this TimeProvider time, TimerCallback callback, object state, TimeSpan dueTime)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return time.CreateTimer(callback, state, dueTime, Timeout.InfiniteTimeSpan);

        using (ExecutionContext.SuppressFlow())
            return time.CreateTimer(callback, state, dueTime, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>A grain's timer. Its tick is a request of its own activation: queued, never in parallel with itself.</summary>
internal abstract class GrainTimer : VoidRequest, IGrainTimer
{
    private static readonly CallMethod Tick = new(typeof(IGrainTimer).GetMethod(nameof(IGrainTimer.Change))!);
    private readonly Activation _activation;
    private readonly CancellationTokenSource _stopping = new();
    private readonly bool _interleave;
    private readonly bool _keepAlive;
    private readonly ITimer _timer;
    private TimeSpan _dueTime = Timeout.InfiniteTimeSpan;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _changed;
    private bool _firing;

    private protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _interleave = options.Interleave;
        _keepAlive = options.KeepAlive;
        _timer = activation.Silo.TimeProvider.CreateDetachedTimer(
            static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan);
        activation.AddTimer(this);
    }

    public override CallMethod Method => Tick;

    internal override bool IsAlwaysInterleave => _interleave;

    internal override bool IsLocalOnly => true;

    internal override bool KeepsAlive => _keepAlive;

    public override int GetArgumentCount() => 0;

    public override object? GetArgument(int index) => null;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime);
        Check(period);
        _changed = true;
        _dueTime = dueTime;
        _period = period;
        if (!_firing) Arm(dueTime);
    }

    public void Dispose()
    {
        if (!_stopping.IsCancellationRequested)
        {
            _timer.Dispose();
            _stopping.Cancel();
            _activation.RemoveTimer(this);
        }
    }

    internal override void Invoke(Activation activation)
    {
        if (_stopping.IsCancellationRequested)
        {
            activation.OnFinished(this, null);
            return;
        }

        _changed = false;
        _ = TickAsync();
    }

    private protected abstract Task RunAsync(CancellationToken cancellationToken);

    public override ValueTask CallVoid(object grain) => new(RunAsync(_stopping.Token));

    private async Task TickAsync()
    {
        Exception? error = null;
        try
        {
            await RunAsync(_stopping.Token);
        }
        catch (Exception caught)
        {
            error = caught;
            Log.TimerFailed(_activation.Silo.Logger, _activation.Class.GrainType, caught);
        }

        _firing = false;
        Arm(_changed ? _dueTime : _period);
        _activation.OnFinished(this, error);
        _activation.Pump();
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

    private static void Check(TimeSpan time)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(time), time, "A timer's times are not negative; Timeout.InfiniteTimeSpan means never.");
    }
}

internal sealed class GrainTimer<TCall>(Activation activation, TCall call, Func<TCall, CancellationToken, Task> run, GrainTimerCreationOptions options)
    : GrainTimer(activation, options)
{
    private protected override Task RunAsync(CancellationToken cancellationToken) => run(call, cancellationToken);
}
