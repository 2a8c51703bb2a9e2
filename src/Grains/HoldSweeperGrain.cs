using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IHoldSweeperGrain"/>
internal sealed class HoldSweeperGrain(ILedgerStore store, LedgerClock clock, ILogger<HoldSweeperGrain> logger) : Grain, IHoldSweeperGrain
{
    /// <summary>Where the round stands. Lost with the activation, which only begins the round again.</summary>
    private Guid _after;

    public async Task<bool> SweepAsync()
    {
        DateTimeOffset now = clock.Now;
        IReadOnlyList<StoredHold> holds;
        try
        {
            holds = await store.FindUnfinishedAsync(now, now - GrainLimits.InterruptedAfter, _after, GrainLimits.HoldsPerSweep, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }

        foreach (StoredHold[] chunk in holds.Chunk(GrainLimits.ResumesAtOnce))
        {
            await Task.WhenAll(chunk.Select(hold => ResumeAsync(hold.Operation)));
        }

        bool goesOn = holds.Count == GrainLimits.HoldsPerSweep;
        _after = goesOn ? holds[^1].Operation : Guid.Empty;
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
