namespace Gongji.LocalRuntime.Engine;

internal static class TimerExtensions
{
    /// <summary>Creates a timer that fires once and does not carry the caller's async locals along.</summary>
    internal static ITimer CreateDetachedTimer(this TimeProvider time, TimerCallback callback, object state, TimeSpan dueTime)
    {
        using var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return time.CreateTimer(callback, state, dueTime, Timeout.InfiniteTimeSpan);
    }
}
