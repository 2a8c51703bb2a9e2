using Gongji.Simulation.Running;

namespace Gongji.Simulation.Cluster;

/// <summary>Counts what the journal refuses.</summary>
internal sealed class ObservingJournal(SimulationCore core, IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public bool TryAppend(AccountWriter writer, Entry entry, out Task<AppendOutcome> durable, out AppendOutcome refusal)
    {
        if (journal.TryAppend(writer, entry, out durable, out refusal))
        {
            return true;
        }

        core.Coverage.Hit(refusal == AppendOutcome.Stale ? CoveragePoint.WriterPoisoned : CoveragePoint.QueueRefused);
        return false;
    }

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}
