using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IHoldSweeperGrain"/>
internal sealed class HoldSweeperGrain(ILedgerStore store, LedgerClock clock, ILogger<HoldSweeperGrain> logger) : Grain, IHoldSweeperGrain
{
    /// <summary>Where the rounds stand. Lost with the activation, which only begins them again.</summary>
    private Guid _after;
    private Guid _answeredAfter;

    public async Task<bool> SweepAsync()
    {
        DateTimeOffset now = clock.Now;
        DateTimeOffset interruptedBefore = now - GrainLimits.InterruptedAfter;
        IReadOnlyList<StoredHold> unfinished;
        HoldPage answered;
        try
        {
            unfinished = await store.FindUnfinishedAsync(now, interruptedBefore, _after, GrainLimits.HoldsPerSweep, CancellationToken.None);
            answered = await store.FindAnsweredAsync(interruptedBefore, _answeredAfter, GrainLimits.HoldsScannedPerSweep, CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            // Not the end of a round: who waits for one must not be told that nothing is due.
            throw new OrleansException(failure.Message);
        }

        foreach (Guid[] chunk in unfinished.Concat(answered.Holds).Select(hold => hold.Operation).Distinct().Chunk(GrainLimits.ResumesAtOnce))
        {
            await Task.WhenAll(chunk.Select(ResumeAsync));
        }

        // The scan for answered holds goes on at the pace of the calls; a round is over when nothing that is due is left.
        _answeredAfter = answered.Next;
        bool goesOn = unfinished.Count == GrainLimits.HoldsPerSweep;
        _after = goesOn ? unfinished[^1].Operation : Guid.Empty;
        return goesOn;
    }

    /// <summary>One transfer that cannot be resumed now must not keep the others from it; the next round meets it again.</summary>
    private async Task ResumeAsync(Guid transfer)
    {
        try
        {
            await GrainFactory.GetTransfer(transfer).ResumeAsync(transfer);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            logger.TransferNotResumed(transfer, failure.Message);
        }
    }
}
