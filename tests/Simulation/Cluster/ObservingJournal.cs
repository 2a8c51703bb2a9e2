using System.Diagnostics.CodeAnalysis;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Cluster;

/// <summary>Counts the appends that the journal refuses, and the loads that must wait for entries which a poisoned writer still has on their way.</summary>
internal sealed class ObservingJournal(SimulationCore core, IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public AppendTicket Ground => journal.Ground;

    public bool CanFollow(AccountWriter writer, AppendTicket after) => journal.CanFollow(writer, after);

    public bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal)
    {
        if (journal.TryAppend(writer, entry, after, out ticket, out refusal))
        {
            return true;
        }

        core.Coverage.Hit(refusal == AppendOutcome.Stale ? CoveragePoint.WriterPoisoned : CoveragePoint.QueueRefused);
        return false;
    }

    public AppendTicket LastOf(AccountWriter writer)
    {
        AppendTicket last = journal.LastOf(writer);
        if (writer.IsSettled && last.Ended is null)
        {
            core.Coverage.Hit(CoveragePoint.LoadWaitedForWhatWasLeft);
        }

        return last;
    }

    public int ChainOf(string account) => journal.ChainOf(account);

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}
