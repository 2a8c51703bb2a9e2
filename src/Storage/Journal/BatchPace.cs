namespace Gongji.Storage;

/// <summary>
/// Spaces small batches apart. A batch costs the store and this process as much as dozens of entries, whatever its size. At half of what they can do,
/// sending each batch as soon as the one before came back took a third of the processors and made every caller wait for them. A lone caller notices no
/// pause, since the batch before is longer ago than the interval. Under high load there is no pause either: enough entries go at once.
/// </summary>
/// <param name="interval">From the beginning of one batch to that of the next small one. Zero: no pause.</param>
/// <param name="enough">This many entries go without a pause.</param>
/// <param name="clock">Measures the interval.</param>
internal sealed class BatchPace(TimeSpan interval, int enough, TimeProvider clock)
{
    private long? _begun;

    /// <summary>Waits until the next batch may be taken from the queue; does not wait when the queue has ended.</summary>
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
