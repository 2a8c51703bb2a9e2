using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>Takes a commit with an unknown outcome for one that failed.</summary>
internal sealed class ConfidentStore(SimulationCore core, SimulatedDatabase database, StoreWeather weather, string silo)
    : SimulatedStore(core, database, weather, silo)
{
    public override async Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await base.CommitAsync(batch, cancellationToken);
        }
        catch (StoreOutcomeUnknownException unknown)
        {
            throw new StoreUnavailableException(unknown.Message, unknown);
        }
    }
}
