namespace Gongji.Storage;

/// <summary>Pauses that double from attempt to attempt, until a grace period has passed.</summary>
internal sealed class Backoff(TimeProvider clock, TimeSpan grace)
{
    private readonly long _started = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.FromMilliseconds(StorageLimits.BackoffFirstMs);

    /// <summary>Waits; false, at once, when the grace period is over or the token fired.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = grace == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : grace - clock.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        TimeSpan pause = _next < left ? _next : left;
        TimeSpan longest = TimeSpan.FromMilliseconds(StorageLimits.BackoffMaxMs);
        _next = _next * 2 < longest ? _next * 2 : longest;
        try
        {
            await Task.Delay(pause, clock, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
