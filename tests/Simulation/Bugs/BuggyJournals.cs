using System.Diagnostics.CodeAnalysis;

namespace Gongji.Simulation.Bugs;

/// <summary>Reports every entry as durable as soon as it is queued.</summary>
internal sealed class HastyJournal(IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public AppendTicket Ground => journal.Ground;

    public bool CanFollow(AccountWriter writer, AppendTicket after) => journal.CanFollow(writer, after);

    public bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal)
    {
        bool isQueued = journal.TryAppend(writer, entry, after, out ticket, out refusal);
        ticket = isQueued ? new AppendTicket(Ground.Owner, AppendOutcome.Durable) : null;
        return isQueued;
    }

    public AppendTicket LastOf(AccountWriter writer) => Ground;

    public int ChainOf(string account) => journal.ChainOf(account);

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}

/// <summary>Appends each entry with a new writer, so that a failure never stops the entries after it.</summary>
internal sealed class UnpoisonedJournal(IJournal journal) : IJournal
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<AccountWriter, AppendTicket> _last = [];

    public bool IsHealthy => journal.IsHealthy;

    public AppendTicket Ground => journal.Ground;

    public bool CanFollow(AccountWriter writer, AppendTicket after) => journal.CanFollow(writer, after);

    public bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal)
    {
        bool isQueued = journal.TryAppend(new AccountWriter(writer.Account), entry, after, out ticket, out refusal);
        if (isQueued)
        {
            _last.AddOrUpdate(writer, ticket!);
        }

        return isQueued;
    }

    public AppendTicket LastOf(AccountWriter writer) => _last.TryGetValue(writer, out AppendTicket? last) ? last : Ground;

    public int ChainOf(string account) => journal.ChainOf(account);

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}

/// <summary>Drops the ticket of the entry that a new entry rests on.</summary>
internal sealed class GroundlessJournal(IJournal journal) : IJournal
{
    public bool IsHealthy => journal.IsHealthy;

    public AppendTicket Ground => journal.Ground;

    public bool CanFollow(AccountWriter writer, AppendTicket after) => true;

    public bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal) =>
        journal.TryAppend(writer, entry, Ground, out ticket, out refusal);

    public AppendTicket LastOf(AccountWriter writer) => journal.LastOf(writer);

    public int ChainOf(string account) => journal.ChainOf(account);

    public void OfferSnapshot(AccountSnapshot snapshot) => journal.OfferSnapshot(snapshot);
}
