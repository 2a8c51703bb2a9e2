namespace Gongji.Storage;

/// <summary>
/// Keeps small batches apart. A batch costs the store and this process as much as dozens of entries, whatever is in it; at half of what they can do, batches
/// sent as fast as they come back took a third of the processors, and made everybody wait for those. Who is alone does not notice:
/// the batch before is longer ago. Nor do many: enough entries go at once.
/// </summary>
/// <param name="interval">From the beginning of one batch to the next small one; zero: no pause.</param>
/// <param name="enough">Entries that are not waited with.</param>
/// <param name="clock">Measures the distance.</param>
internal sealed class BatchPace(TimeSpan interval, int enough, TimeProvider clock)
{
    private long? _begun;

    /// <summary>Waits until the next batch may be taken from the queue; an ended queue is not waited for.</summary>
    public async Task WaitAsync(EntryQueue queue)
    {
        if (_begun is { } before && interval - clock.GetElapsedTime(before) is var early && early > TimeSpan.Zero)
        {
            bool isTime = false;
            await using ITimer timer = clock.CreateTimer(
                _ =>
                {
                    Volatile.Write(ref isTime, true);
                    queue.Wake();
                },
                null,
                early,
                Timeout.InfiniteTimeSpan);
            await queue.WaitAsync(enough, () => Volatile.Read(ref isTime));
        }

        _begun = clock.GetTimestamp();
    }
}
