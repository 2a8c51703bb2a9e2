using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>
/// Reads and writes the accounts of the clearing. Each command loads its account: accounts are short and commands are few, so no state is kept
/// that could be outdated. The fence protects against other writers.
/// </summary>
internal sealed class ClearingBook(IJournal journal, ILedgerStore store)
{
    /// <exception cref="StoreUnavailableException">It cannot be read at present.</exception>
    public async Task<ClearingAccount> LoadAsync(string name)
    {
        ClearingAccount account = new(name);
        await foreach (Entry entry in store.ReadAllEntriesAsync(name))
        {
            account.Apply(entry);
        }

        return account;
    }

    /// <summary>Decides a command and makes its entry durable. Decides again when another writer was first.</summary>
    /// <exception cref="StoreUnavailableException">The account cannot be read at present; nothing was decided.</exception>
    public async Task<Written> WriteAsync(string name, Func<ClearingAccount, Decision> decide)
    {
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            Decision decision = decide(await LoadAsync(name));
            if (decision.Entry is not { } entry)
            {
                return new Written(null, decision.Refusal);
            }

            if (!journal.TryAppend(new AccountWriter(name), entry, journal.Ground, out AppendTicket? ticket, out _))
            {
                return Written.Refused(Refusals.Unavailable);
            }

            switch (await ticket.Outcome)
            {
                case AppendOutcome.Durable:
                    return new Written(entry, null);
                case AppendOutcome.Stale:
                case AppendOutcome.Duplicate when entry.Leg == Leg.Place:
                    continue;
                case AppendOutcome.Duplicate:
                    return Written.Duplicate;
                case AppendOutcome.Unavailable:
                    return Written.Refused(Refusals.Unavailable);
                case AppendOutcome.OverCap:
                    return Written.Refused(Refusals.OverCap(Escrow.Debits(Deltas.Of(entry)).Keys));
                default:
                    return Written.Refused(Refusals.Unknown);
            }
        }

        return Written.Refused(Refusals.Unavailable);
    }

    /// <summary>The entry that an id opened; null when the id is unknown.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read at present.</exception>
    public async Task<Entry?> FindAsync(Guid id) => (await store.ReadOperationAsync(id, CancellationToken.None)).OfCommand().FirstOrDefault();
}
