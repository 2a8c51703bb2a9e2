using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>Writes snapshots behind the ledger, in bulk, and only the newest of each account. Losing one only costs reading a few more entries.</summary>
internal sealed class SnapshotQueue(ILedgerStore store, TimeProvider clock, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountSnapshot> _newest = [];
    private TaskCompletionSource? _wake;
    private bool _ended;

    public void Offer(AccountSnapshot snapshot)
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            bool known = _newest.TryGetValue(snapshot.Account, out AccountSnapshot? waiting);
            if (_ended || (known ? waiting!.Version >= snapshot.Version : _newest.Count >= StorageLimits.SnapshotsQueuedMax))
            {
                return;
            }

            _newest[snapshot.Account] = snapshot;
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }

    public void End()
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            _ended = true;
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }

    /// <summary>The loop; ends when the queue has ended and is drained, or cannot be drained.</summary>
    /// <param name="ending">Fires when the journal stops: from then on the loop does not wait for a store that is down.</param>
    /// <param name="abandon">Fires when draining has taken too long.</param>
    public async Task RunAsync(CancellationToken ending, CancellationToken abandon)
    {
        FailureLevels failures = new();
        while (await TakeAsync() is { Count: > 0 } snapshots && !abandon.IsCancellationRequested)
        {
            try
            {
                await store.WriteSnapshotsAsync(snapshots, abandon);
                failures.Forget();
            }
            catch (Exception) when (abandon.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLevel level = failures.Of(exception);
                logger.SnapshotsFailed(level, snapshots.Count, exception);
                if (ending.IsCancellationRequested)
                {
                    return;
                }

                await PauseAsync(ending);
            }
        }
    }

    private async Task PauseAsync(CancellationToken ending)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(StorageLimits.SnapshotRetryMs), clock, ending);
        }
        catch (OperationCanceledException)
        {
            // What is waiting gets one more attempt.
        }
    }

    /// <summary>Waits for snapshots and takes some; an empty list when ended.</summary>
    private async Task<List<AccountSnapshot>> TakeAsync()
    {
        while (true)
        {
            Task woken;
            lock (_gate)
            {
                if (_newest.Count > 0 || _ended)
                {
                    List<AccountSnapshot> taken = [.. _newest.Values.Take(StorageLimits.SnapshotBatchMax)];
                    foreach (AccountSnapshot snapshot in taken)
                    {
                        _newest.Remove(snapshot.Account);
                    }

                    return taken;
                }

                _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                woken = _wake.Task;
            }

            await woken;
        }
    }
}
