using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IHoldSweeperGrain"/>
internal sealed class HoldSweeperGrain(ILedgerStore store, LedgerClock clock, SweepCounts swept, ILogger<HoldSweeperGrain> logger) : Grain, IHoldSweeperGrain
{
    /// <summary>Where the rounds stand. Lost with the activation; the rounds then begin again.</summary>
    private Guid _after;
    private Guid _answeredAfter;

    public async Task<bool> SweepAsync()
    {
        // A store that cannot be read does not end a round: a caller that waits for the end must not be told that nothing is due.
        (IReadOnlyList<StoredHold> found, bool goesOn) = await CallFailures.CarryAsync(FindAsync);
        Guid[] operations = [.. found.Select(hold => hold.Operation).Distinct()];
        swept.Found(operations.Length);
        await Task.WhenAll(operations.GroupBy(TransferStripes.Of).Select(stripe => ResumeAsync([.. stripe])));
        return goesOn;
    }

    /// <summary>The next page of what is due or interrupted, and whether there is another one.</summary>
    private async Task<(IReadOnlyList<StoredHold> Found, bool GoesOn)> FindAsync()
    {
        DateTimeOffset now = clock.Now;
        DateTimeOffset interruptedBefore = now - GrainLimits.InterruptedAfter;
        IReadOnlyList<StoredHold> found = await store.FindUnfinishedAsync(now, interruptedBefore, _after, GrainLimits.HoldsPerSweep, CancellationToken.None);
        if (found.Count == GrainLimits.HoldsPerSweep)
        {
            // At 06:00 hundreds of pages are due. Searching the waiting holds a bit further with each page would take longer than the pages themselves.
            _after = found[^1].Operation;
            return (found, true);
        }

        _after = Guid.Empty;
        HoldPage answered = await store.FindAnsweredAsync(interruptedBefore, _answeredAfter, GrainLimits.HoldsScannedPerSweep, CancellationToken.None);
        _answeredAfter = answered.Next;
        return ([.. found, .. answered.Holds], false);
    }

    /// <summary>A stripe that cannot be reached now must not hold up the others; the next round finds it again.</summary>
    private async Task ResumeAsync(Guid[] transfers)
    {
        try
        {
            await GrainFactory.GetTransfer(transfers[0]).ResumeAsync(new ResumeTransfers(transfers));
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            logger.TransferNotResumed(transfers[0], CallFailures.Describe(failure));
        }
    }
}
