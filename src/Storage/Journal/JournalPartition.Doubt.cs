using Gongji.Ledger;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>How doubt about what is written ends.</summary>
internal sealed partial class JournalPartition
{
    /// <summary>
    /// Ends the doubt about the place after the head by committing a batch without entries there: either that batch takes the place, or the place turns
    /// out to be taken. Closed: the doubtful batch can never land. Durable: it is there. An exception leaves the doubt as it was.
    /// </summary>
    private async Task<StepKind> CloseDoubtAsync(byte[] doubtful, CancellationToken abandon)
    {
        SealedBatch fence = BatchSealer.SealEmpty(_head, clock);
        CommitResult result = await store.CommitAsync(fence, abandon);
        if (result.Status != CommitStatus.Committed)
        {
            return await LookAtPlaceAsync(doubtful, abandon);
        }

        if (_doubtful is not null)
        {
            logger.OutcomeResolved(index, fence.Sequence, "not written");
        }

        Advance(fence.Sequence, fence.Hash);
        return StepKind.Closed;
    }

    /// <summary>
    /// Called when the store says that the place after the head is taken. Finds out by what: the batch with this hash, or a batch without entries that
    /// was in doubt itself. If by neither, the store contradicts what is known to be committed.
    /// </summary>
    private async Task<StepKind> LookAtPlaceAsync(byte[] hash, CancellationToken abandon)
    {
        ChainHead head = await store.ReadChainHeadAsync(_head.Chain, abandon);
        if (head.Sequence == _head.Sequence && head.Hash.AsSpan().SequenceEqual(_head.Hash))
        {
            return StepKind.Retry;
        }

        // The successor can only be there if the batch itself is.
        bool hasSuccessor = head.Sequence == _head.Sequence + 2 && _doubtfulSuccessor is { } successor && head.Hash.AsSpan().SequenceEqual(successor.Hash);
        bool landed = hasSuccessor || (head.Sequence == _head.Sequence + 1 && head.Hash.AsSpan().SequenceEqual(hash));
        bool isClosed = head.Sequence == _head.Sequence + 1 && head.Hash.AsSpan().SequenceEqual(HashChain.Next(_head.Hash, []));
        if (!landed && !isClosed)
        {
            Break(head);
            return StepKind.Broken;
        }

        logger.OutcomeResolved(index, _head.Sequence + 1, landed ? "durable" : "not written");
        Advance(_head.Sequence + 1, landed ? hash : head.Hash);
        return landed ? StepKind.Durable : StepKind.Closed;
    }

    /// <summary>Probes the store until it answers and no doubt is left, then opens the queue again.</summary>
    private async Task RecoverAsync(CancellationToken ending)
    {
        Backoff backoff = new(clock, Timeout.InfiniteTimeSpan);
        FailureLevels failures = new();
        while (!_broken && await backoff.WaitAsync(ending))
        {
            try
            {
                if (await ProbeAsync(ending))
                {
                    // A batch that was given up in doubt may have landed and closed a day.
                    _openDay = await store.ReadOpenDayAsync(ending);
                    _down = false;
                    _queue.Open();
                    logger.PartitionUp(index);
                    return;
                }
            }
            catch (Exception) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLevel level = failures.Of(exception);
                logger.ProbeFailed(level, index, exception);
            }
        }
    }

    /// <summary>
    /// A store that can be read may still refuse writes: its disk may be full, or the server may be a standby. So the probe is a write, of a batch
    /// without entries. The probe's own outcome may become unknown too; the next probe then finds the place taken by it.
    /// </summary>
    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        byte[] doubtful = _doubtful ?? BatchSealer.SealEmpty(_head, clock).Hash;
        return await CloseDoubtAsync(doubtful, cancellationToken) is StepKind.Closed or StepKind.Durable && _doubtful is null;
    }

    private void Advance(long sequence, byte[] hash)
    {
        _head = _head with { Sequence = sequence, Hash = hash };

        // The batch that a doubtful successor was sealed after is there now, or never will be.
        _doubtful = _doubtfulSuccessor is { } successor && hash.AsSpan().SequenceEqual(successor.After) ? successor.Hash : null;
        _doubtfulSuccessor = null;
    }

    private void Break(ChainHead found)
    {
        _broken = true;
        logger.ChainBroken(index, _head.Chain, _head.Sequence, found.Sequence);
    }
}
