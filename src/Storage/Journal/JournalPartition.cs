using Gongji.Ledger;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// One partition: a queue, a chain, and a loop that has one batch in flight, and under load a second one that follows it: while the store
/// makes one durable, the next is sealed, sent and worked on.
/// <para>
/// What makes it right: a batch takes the place (chain, sequence) after the batch whose hash it names, and the store lets exactly one batch
/// have it. While an attempt for a place is in doubt, the only things ever sent for that place are the same batch again or a batch without
/// entries. Whichever is there in the end says what became of the doubtful one, and a late arrival finds its place taken. So doubt always
/// ends in one truth. A successor can only land on the very batch it was sealed after: where anything else takes that place, it never does.
/// </para>
/// </summary>
internal sealed partial class JournalPartition(
    int index, ILedgerStore store, JournalOptions options, TimeProvider clock, JournalMetrics metrics, ILogger logger)
{
    private readonly EntryQueue _queue = new(options.QueueEntriesMax);
    private readonly BatchSealer _sealer = new(clock);
    private readonly BatchPace _pace = new(options.SmallBatchInterval, Math.Min(options.SuccessorEntriesMin, options.BatchEntriesMax), clock);
    private ChainHead _head = new(0, 0, []);
    private volatile bool _down;

    /// <summary>What is to take the place after the head; null between batches.</summary>
    private Flight? _flight;

    /// <summary>What is to take the place after that, sent already or waiting for its turn; null while too little has gathered.</summary>
    private Flight? _successor;

    /// <summary>The store's open day, as far as is known here: it may have moved on, which a conflict tells.</summary>
    private DateOnly _openDay;

    /// <summary>The hash of a batch that may still land at the place after the head; null when there is no doubt.</summary>
    private byte[]? _doubtful;

    /// <summary>The same of a successor: its hash, and the hash of what it was sealed after, without which it cannot land.</summary>
    private (byte[] After, byte[] Hash)? _doubtfulSuccessor;

    /// <summary>The store contradicts what this partition knows to be committed: nothing is written any more until a restart.</summary>
    private bool _broken;

    public bool IsHealthy => !_down && _queue.IsOpen;

    public int QueuedEntries => _queue.Count;

    public int Chain => _head.Chain;

    public bool TryPut(PendingEntry pending, out AppendOutcome refusal) => _queue.TryPut(pending, out refusal);

    /// <summary>The writer's last entry that is on its way; null when there is none.</summary>
    public PendingEntry? LastOf(AccountWriter writer) => _queue.LastOf(writer);

    /// <summary>
    /// A new chain for each start: the chain of an earlier process may have a batch on its way that is not there yet, and nobody else
    /// ever writes this one.
    /// </summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _openDay = await store.ReadOpenDayAsync(cancellationToken);
        await OpenChainAsync(cancellationToken);
    }

    /// <summary>Takes no more entries.</summary>
    public void End() => _queue.End();

    /// <summary>The loop; ends when the queue has ended and is drained.</summary>
    /// <param name="ending">Fires when the journal stops: a store that is down is not waited for any more.</param>
    /// <param name="abandon">Fires when draining has taken too long.</param>
    public async Task RunAsync(CancellationToken ending, CancellationToken abandon)
    {
        _queue.Open();
        while (_successor is not null || await _queue.WaitAsync())
        {
            if (_successor is null)
            {
                await LeaveFullChainAsync(abandon);
                await _pace.WaitAsync(_queue);
            }

            (_flight, _successor) = (_successor ?? new Flight(_queue.Take(options.BatchEntriesMax), clock.GetTimestamp()), null);
            try
            {
                await CommitAsync(_flight, abandon);
            }
            catch (Exception exception)
            {
                // A bug, not the store: nothing more is written here, and nobody waits for ever.
                logger.PartitionFailed(index, exception);
                _broken = true;
                GiveUp(AppendOutcome.Unknown);
            }

            _flight = null;
            if (_down)
            {
                await RecoverAsync(ending);
            }
        }
    }

    private async Task OpenChainAsync(CancellationToken cancellationToken)
    {
        int chain = await store.OpenChainAsync(options.Writer, index, BusinessTime.ToMilliseconds(clock.GetUtcNow()), cancellationToken);
        _head = new ChainHead(chain, 0, HashChain.Genesis(chain));
        logger.ChainOpened(index, chain);
    }

    /// <summary>
    /// A chain has 2^32 places: the one after its last would be the next chain's. So another chain is opened long before, between two batches, while none is
    /// on its way or in doubt: the old one stays as it is then, like that of a process that has ended.
    /// </summary>
    private async Task LeaveFullChainAsync(CancellationToken abandon)
    {
        if (_head.Sequence < options.BatchesPerChain || _doubtful is not null || _down)
        {
            return;
        }

        try
        {
            await OpenChainAsync(abandon);
        }
        catch (Exception exception)
        {
            logger.ChainNotOpened(index, _head.Chain, _head.Sequence, exception);
        }
    }

    /// <summary>Commits a batch, or what conflicts leave of it, or gives up.</summary>
    private async Task CommitAsync(Flight flight, CancellationToken abandon)
    {
        Backoff backoff = new(clock, options.Grace);
        int splits = 0;
        while (true)
        {
            if (!flight.IsUnderWay)
            {
                if (!flight.IsSealedAfter(_head))
                {
                    RemoveLost(flight.Entries);
                    if (flight.Entries.Count == 0)
                    {
                        return;
                    }

                    flight.Batch = _sealer.Seal(_head, flight.Entries, _openDay);
                }

                Send(flight, abandon);
            }

            await GatherSuccessorAsync(flight, abandon);
            Step step = await TryCommitAsync(flight, abandon);
            switch (step.Kind)
            {
                case StepKind.Durable:
                    _openDay = flight.Sealed.OpenDay;
                    CompleteDurable(flight);
                    return;
                case StepKind.Split when splits < StorageLimits.SplitsMax:
                    splits++;
                    Split(flight, step.Conflict!);
                    flight.Batch = null;
                    break;
                case StepKind.Closed:
                    flight.Batch = null;
                    break;
                case StepKind.Broken:
                    GiveUp(_doubtful is null ? AppendOutcome.Unavailable : AppendOutcome.Unknown);
                    return;
                case StepKind.Retry when flight.Sealed.IsSuccessor:
                    // It may only have come before the one it was sent behind; now it is the first in line.
                    flight.Batch = flight.Sealed with { IsSuccessor = false };
                    break;
                default:
                    if (step.Kind == StepKind.Split || !await backoff.WaitAsync(abandon))
                    {
                        GiveUp(_doubtful is null ? AppendOutcome.Unavailable : AppendOutcome.Unknown);
                        return;
                    }

                    break;
            }
        }
    }

    /// <summary>Waits until a batch is back from the store. When enough entries gather meanwhile, they are sealed after it and sent; but none after a chain's last.</summary>
    private async Task GatherSuccessorAsync(Flight flight, CancellationToken abandon)
    {
        while (_successor is null && flight.Sealed.Sequence < options.BatchesPerChain && await _queue.WaitAsync(options.SuccessorEntriesMin, () => flight.IsBack))
        {
            List<PendingEntry> entries = _queue.Take(options.BatchEntriesMax);
            RemoveLost(entries);
            if (entries.Count > 0)
            {
                SealedBatch before = flight.Sealed;
                _successor = new Flight(entries, clock.GetTimestamp())
                {
                    Batch = _sealer.Seal(new ChainHead(before.Chain, before.Sequence, before.Hash), entries, before.OpenDay) with { IsSuccessor = true },
                };
                Send(_successor, abandon);
            }
        }
    }

    private void Send(Flight flight, CancellationToken abandon) => flight.Send(batch => store.CommitAsync(batch, abandon), _queue);

    /// <summary>One attempt, which has been sent; every exception of the store ends here.</summary>
    private async Task<Step> TryCommitAsync(Flight flight, CancellationToken abandon)
    {
        SealedBatch attempt = flight.Sealed;
        try
        {
            CommitResult result = await flight.EndAsync();
            if (result.Status == CommitStatus.Committed)
            {
                Advance(attempt.Sequence, attempt.Hash);
                return new(StepKind.Durable);
            }

            await AwaitSuccessorAsync();
            if (result.ChainMoved)
            {
                return new(await LookAtPlaceAsync(attempt.Hash, abandon));
            }

            _openDay = result.OpenDay ?? _openDay;
            if (result.InTheWay == 0 && result.OpenDay is null)
            {
                // The other transaction was rolled back after it was in our way.
                return new(StepKind.Retry);
            }

            // What is left of the batch, or the same entries on other days, may not take the place while the batch as it was may still land there.
            StepKind place = _doubtful is null ? StepKind.Closed : await CloseDoubtAsync(attempt.Hash, abandon);
            return place == StepKind.Closed ? new(StepKind.Split, result) : new(place);
        }
        catch (StoreUnavailableException exception)
        {
            await AwaitSuccessorAsync();
            logger.CommitFailed(index, attempt.Sequence, exception.Message);
            return new(StepKind.Retry);
        }
        catch (Exception exception)
        {
            await AwaitSuccessorAsync();

            // An exception that the contract does not know says nothing about the transaction either.
            if (_doubtful is null)
            {
                metrics.UnknownOutcome();
                logger.OutcomeUnknown(index, attempt.Sequence, exception);
            }

            _doubtful = attempt.Hash;
            return new(StepKind.Retry);
        }
    }

    /// <summary>
    /// Of a successor of a batch that did not simply become durable: waits until it is back. Unless its outcome is unknown, or it was committed,
    /// so that only the answer for the one before was lost, it is not written. It is sent again when its turn comes; what it met is met again then.
    /// </summary>
    private async Task AwaitSuccessorAsync()
    {
        if (_successor is not { IsUnderWay: true } successor)
        {
            return;
        }

        try
        {
            CommitResult result = await successor.EndAsync();
            if (result.Status != CommitStatus.Committed)
            {
                return;
            }
        }
        catch (StoreUnavailableException)
        {
            return;
        }
        catch (Exception exception)
        {
            metrics.UnknownOutcome();
            logger.OutcomeUnknown(index, successor.Sealed.Sequence, exception);
        }

        _doubtfulSuccessor = (successor.Sealed.PreviousHash, successor.Sealed.Hash);
    }

    private void CompleteDurable(Flight flight)
    {
        metrics.Durable(flight.Entries.Count, clock.GetElapsedTime(flight.Since));
        foreach (PendingEntry pending in flight.Entries)
        {
            pending.Writer.DurableVersion = pending.Entry.Version;
            pending.End(AppendOutcome.Durable);
        }

        _queue.Forget(flight.Entries);
    }

    /// <summary>
    /// Leaves of a batch what would have been written had its entries come one by one: an entry in the way falls, and with it what its writer decided after it, and what
    /// rests on any of these. What has the (operation, leg) of an entry that falls is no repeat of it.
    /// </summary>
    private void Split(Flight flight, CommitResult conflict)
    {
        if (conflict.OpenDay is { } openDay)
        {
            logger.OpenDayMoved(index, openDay);
        }

        if (conflict.InTheWay == 0)
        {
            return;
        }

        // Repeats of commands are everyday; a second writer of an account is not.
        LogLevel level = conflict.StaleAt.Count == 0 ? LogLevel.Debug : LogLevel.Warning;
        logger.BatchSplit(level, index, conflict.StaleAt.Count, conflict.DuplicateAt.Count + conflict.RepeatAt.Count);
        metrics.Conflict(conflict.InTheWay);

        HashSet<int> duplicate = [.. conflict.DuplicateAt];
        HashSet<int> stale = [.. conflict.StaleAt];
        HashSet<int> overCap = [.. conflict.OverCapAt];
        HashSet<(Guid, Leg)> written = [];
        for (int i = 0; i < flight.Entries.Count; i++)
        {
            PendingEntry pending = flight.Entries[i];

            // Who is told that an operation is already in the ledger can look it up; that helps more than to hear of a stale version. Of the debits
            // of a region over its cap some may fit, but which of them nobody can say fairly; so all of them ask for headroom again.
            AppendOutcome? failure = duplicate.Contains(i) ? AppendOutcome.Duplicate
                : stale.Contains(i) ? AppendOutcome.Stale
                : overCap.Contains(i) ? AppendOutcome.OverCap
                : pending.IsLost ? AppendOutcome.Stale
                : written.Add((pending.Entry.Operation, pending.Entry.Leg)) ? null
                : AppendOutcome.Duplicate;
            if (failure is { } outcome)
            {
                Fail(pending, outcome);
            }
        }

        RemoveEnded(flight.Entries);
    }

    /// <summary>Takes out of a batch what may not be written any more. What an entry rests on comes before it.</summary>
    private void RemoveLost(List<PendingEntry> entries)
    {
        foreach (PendingEntry pending in entries)
        {
            if (pending.IsLost)
            {
                Fail(pending, AppendOutcome.Stale);
            }
        }

        RemoveEnded(entries);
    }

    private static void RemoveEnded(List<PendingEntry> entries) => entries.RemoveAll(pending => pending.Ended is not null);

    /// <summary>Ends the batch with an outcome, and its successor and the queue unwritten; takes nothing more until the store answers again.</summary>
    private void GiveUp(AppendOutcome outcome)
    {
        _down = true;
        List<PendingEntry> entries = _flight?.Entries ?? [];
        List<PendingEntry> following = _successor?.Entries ?? [];
        PendingEntry[] queued = _queue.CloseAndTakeAll();
        logger.PartitionDown(index, entries.Count + following.Count, outcome, queued.Length);
        foreach (PendingEntry pending in entries)
        {
            Fail(pending, outcome);
        }

        // What was sealed after something that is not written, and never will be as it was, can never be written either.
        bool mayLand = outcome == AppendOutcome.Unknown && (_broken || _doubtfulSuccessor is not null);
        _doubtfulSuccessor = mayLand ? _doubtfulSuccessor : null;
        foreach (PendingEntry pending in following)
        {
            Fail(pending, mayLand ? AppendOutcome.Unknown : AppendOutcome.Unavailable);
        }

        foreach (PendingEntry pending in queued)
        {
            Fail(pending, AppendOutcome.Unavailable);
        }

        _successor = null;
    }

    /// <summary>Ends an entry that is not written, or not known to be; one that has ended already stays as it was.</summary>
    private void Fail(PendingEntry pending, AppendOutcome outcome)
    {
        if (pending.Ended is not null)
        {
            return;
        }

        if (_queue.Poison(pending))
        {
            metrics.Poisoned();
        }

        pending.End(outcome);
    }

    private enum StepKind
    {
        /// <summary>The batch is on disk.</summary>
        Durable,

        /// <summary>Nothing is known to be written; try again.</summary>
        Retry,

        /// <summary>Entries are in the way, and the rest can be committed; or a day was closed, and all can, on other days.</summary>
        Split,

        /// <summary>The doubtful batch is not there and never will be.</summary>
        Closed,

        /// <summary>The store is not the one we knew.</summary>
        Broken,
    }

    private readonly record struct Step(StepKind Kind, CommitResult? Conflict = null);
}
