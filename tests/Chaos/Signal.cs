namespace Gongji.Chaos;

/// <summary>Something that happens again and again. Whoever waits for what comes of it looks each time it happens, and at no other.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>It happened.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    /// <summary>Waits until something holds; false when that takes too long.</summary>
    public async Task<bool> WaitUntilAsync(Func<bool> holds, TimeSpan within)
    {
        using CancellationTokenSource patience = new(within, TimeProvider.System);
        while (true)
        {
            // Taken before the look: what happens after it is not missed.
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
