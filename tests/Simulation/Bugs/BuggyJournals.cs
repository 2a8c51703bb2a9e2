namespace Gongji.Simulation.Bugs;

/// <summary>Says at once that an entry is durable.</summary>
internal sealed class HastyJournal(IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public bool TryAppend(AccountWriter writer, Entry entry, out Task<AppendOutcome> durable, out AppendOutcome refusal)
    {
        bool queued = journal.TryAppend(writer, entry, out durable, out refusal);
        durable = queued ? Task.FromResult(AppendOutcome.Durable) : durable;
        return queued;
    }

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}

/// <summary>Writes each entry with a writer of its own, so that no failure ever stops the entries after it.</summary>
internal sealed class UnpoisonedJournal(IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public bool TryAppend(AccountWriter writer, Entry entry, out Task<AppendOutcome> durable, out AppendOutcome refusal) =>
        journal.TryAppend(new AccountWriter(writer.Account), entry, out durable, out refusal);

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}
