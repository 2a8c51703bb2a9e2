using Gongji.Ledger;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// One partition: a queue, a chain, and a loop that keeps one batch in flight. Under load it keeps a second one, which follows the first: while the store
/// makes one batch durable, the next is sealed, sent and worked on.
/// <para>
/// Why this is correct: a batch takes the place (chain, sequence) after the batch whose hash it names, and the store lets exactly one batch take each
/// place. While an attempt for a place is in doubt, the partition sends for that place only the same batch again or a batch without entries. Whichever
/// batch is there in the end decides what became of the doubtful one, and a late arrival finds its place taken. So doubt always ends in one truth. A
/// successor can only land on the very batch that it was sealed after; if anything else takes that batch's place, the successor never lands.
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

    /// <summary>The batch that is to take the place after the head; null between batches.</summary>
    private Flight? _flight;

    /// <summary>The batch for the place after that, already sent or waiting for its turn; null while too few entries have gathered.</summary>
    private Flight? _successor;

    /// <summary>The store's open day as far as this partition knows. It may have moved on; a conflict then says so.</summary>
    private DateOnly _openDay;

    /// <summary>The hash of a batch that may still land at the place after the head; null when there is no doubt.</summary>
    private byte[]? _doubtful;

    /// <summary>The same for a successor: its hash, and the hash of the batch that it was sealed after, without which it cannot land.</summary>
    private (byte[] After, byte[] Hash)? _doubtfulSuccessor;

    /// <summary>The store contradicts what this partition knows to be committed, or the loop failed on a bug: nothing more is written until a restart.</summary>
    private bool _broken;

    public bool IsHealthy => !_down && _queue.IsOpen;

    public int QueuedEntries => _queue.Count;

    public int Chain => _head.Chain;

    public bool TryPut(PendingEntry pending, out AppendOutcome refusal) => _queue.TryPut(pending, out refusal);

    /// <summary>The writer's last entry that is on its way; null when there is none.</summary>
    public PendingEntry? LastOf(AccountWriter writer) => _queue.LastOf(writer);

    /// <summary>
    /// Opens a new chain at each start: a batch of an earlier process may still be on its way to that process's chain, whereas nobody but this partition
    /// ever writes to the new one.
    /// </summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _openDay = await store.ReadOpenDayAsync(cancellationToken);
        await OpenChainAsync(cancellationToken);
    }

    /// <summary>Takes no more entries.</summary>
    public void End() => _queue.End();

    /// <summary>The loop; ends when the queue has ended and is drained.</summary>
    /// <param name="ending">Fires when the journal stops: from then on the loop does not wait for a store that is down.</param>
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
                // This is a bug, not a failure of the store: write nothing more here, and leave no caller waiting.
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
    /// A chain has 2^32 places; the batch id after its last place would belong to the next chain. So the partition opens another chain long before that,
    /// between two batches, while none is in flight or in doubt. The old chain then stays as it is, like that of a process that has ended.
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
                    // The successor may have been refused only because it arrived before its predecessor. Now it is first in line.
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

    /// <summary>
    /// Waits until the store has answered for a batch. If enough entries gather before that, seals and sends them as its successor, unless the batch is
    /// the chain's last.
    /// </summary>
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

    /// <summary>Finishes one attempt, which has been sent. Every exception of the store ends here.</summary>
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
                // The transaction that was in the way has since been rolled back.
                return new(StepKind.Retry);
            }

            // The rest of the batch, or the same entries on other days, must not be sent for this place while the original batch may still land there.
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

            // An exception outside the store's contract says nothing about the transaction, so it counts as an unknown outcome too.
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
    /// Waits until the store has answered for the successor of a batch that did not simply become durable. The successor is in doubt if its outcome is
    /// unknown, or if it was committed, so that only the answer for its predecessor was lost. Otherwise it is not written: it is sent again when its turn
    /// comes, and meets the same obstacles then.
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
    /// Reduces a batch to what would have been written if its entries had come one by one: an entry in the way fails, and so do the entries that its
    /// writer decided after it and those that rest on any failed entry. An entry with the same (operation, leg) as one that fails is not a repeat of it.
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

        // Repeated commands are routine; a second writer of an account is not.
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

            // Duplicate goes before Stale: a caller who learns that the operation is already in the ledger can look it up, which helps more. Of the
            // debits of a region over its cap, some may fit, but there is no fair way to choose them; so all of them ask for headroom again.
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

    /// <summary>Removes from a batch the entries that may no longer be written. One pass is enough, since what an entry rests on comes before it.</summary>
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

    /// <summary>Ends the batch with an outcome, and fails its successor and the queue too; accepts no more entries until the store answers again.</summary>
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

        // A successor sealed after a batch that is not written, and never will be in that form, can never be written either.
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

    /// <summary>Ends an entry that is not written, or not known to be. An entry that has already ended keeps its outcome.</summary>
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

        /// <summary>Entries are in the way and the rest can be committed; or a day was closed and all entries can be committed, on other days.</summary>
        Split,

        /// <summary>The doubtful batch is not there and never will be.</summary>
        Closed,

        /// <summary>The store contradicts what is known to be committed.</summary>
        Broken,
    }

    private readonly record struct Step(StepKind Kind, CommitResult? Conflict = null);
}
