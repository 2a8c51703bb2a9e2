namespace Gongji.Chaos;

/// <summary>A recurring event. Waiters check their condition each time it is raised, and only then.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>Raises the event.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    /// <summary>Waits until a condition holds; false when that takes too long.</summary>
    public async Task<bool> WaitUntilAsync(Func<bool> holds, TimeSpan within)
    {
        using CancellationTokenSource patience = new(within, TimeProvider.System);
        while (true)
        {
            // Taken before the check, so that an event raised after the check is not missed.
            Task next = Volatile.Read(ref _next).Task;
            if (holds())
            {
                return true;
            }

            await next.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (patience.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
