using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IHoldSweeperGrain"/>
internal sealed class HoldSweeperGrain(ILedgerStore store, LedgerClock clock, SweepCounts swept, ILogger<HoldSweeperGrain> logger) : Grain, IHoldSweeperGrain
{
    /// <summary>Where the rounds stand. Lost with the activation, which only begins them again.</summary>
    private Guid _after;
    private Guid _answeredAfter;

    public async Task<bool> SweepAsync()
    {
        // A store that cannot be read is not the end of a round: who waits for one must not be told that nothing is due.
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
            // At 06:00 there are hundreds of pages of what is due; looking through what waits a bit more each time would take longer than they.
            _after = found[^1].Operation;
            return (found, true);
        }

        _after = Guid.Empty;
        HoldPage answered = await store.FindAnsweredAsync(interruptedBefore, _answeredAfter, GrainLimits.HoldsScannedPerSweep, CancellationToken.None);
        _answeredAfter = answered.Next;
        return ([.. found, .. answered.Holds], false);
    }

    /// <summary>One stripe that cannot be reached now must not keep the others from it; the next round meets it again.</summary>
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
