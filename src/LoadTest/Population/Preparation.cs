using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.LoadTest;

/// <summary>
/// Writes the persons of a benchmark into an empty ledger: registered, with an open wallet, credited. The entries are those that the rules would
/// decide, in batches of a normal chain, so the audit of the ledger passes.
/// </summary>
internal sealed class Preparation(ILedgerStore store, Population population, TimeProvider time)
{
    private const string Writer = "bench-preparation";

    /// <summary>Prepares everybody.</summary>
    /// <param name="chains">The number of chains written in parallel: as many as the store accepts writers.</param>
    /// <param name="progress">Receives the number of persons written.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    public async Task RunAsync(int chains, IProgress<int> progress, CancellationToken cancellationToken)
    {
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, chains).Select(chain => Task.Run(
            () => WriteChainAsync(chain, chains, () => progress.Report(Interlocked.Add(ref done, PersonsPerBatch)), cancellationToken), cancellationToken)));
    }

    private const int EntriesPerPerson = 3;
    private const int PersonsPerBatch = BenchLimits.PreparedEntriesPerBatch / EntriesPerPerson;

    private async Task WriteChainAsync(int chain, int chains, Action written, CancellationToken cancellationToken)
    {
        DateTimeOffset now = BusinessTime.ToMilliseconds(time.GetUtcNow());
        int id = await store.OpenChainAsync(Writer, chain, now, cancellationToken);
        ChainHead head = new(id, 0, HashChain.Genesis(id));
        int first = (int)((long)population.TotalCount * chain / chains);
        int end = (int)((long)population.TotalCount * (chain + 1) / chains);
        Chance chance = new((ulong)chain + 1);
        for (int at = first; at < end; at += PersonsPerBatch)
        {
            List<EncodedEntry> entries = new(BenchLimits.PreparedEntriesPerBatch);
            for (int person = at; person < Math.Min(end, at + PersonsPerBatch); person++)
            {
                AddPerson(entries, person, population.AcceptsAutomatically(person), chance, now);
            }

            head = await CommitAsync(store, head, entries, now, cancellationToken);
            written();
        }
    }

    /// <summary>Writes a batch after the last one of its chain.</summary>
    /// <returns>The new head.</returns>
    public static async Task<ChainHead> CommitAsync(ILedgerStore store, ChainHead head, List<EncodedEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        byte[] hash = HashChain.Next(head.Hash, entries.Select(entry => (entry.Entry, entry.Detail)));
        SealedBatch batch = new(
            head.Chain, head.Sequence + 1, head.Hash, hash, now, entries, Deltas.Aggregate(entries.Select(entry => entry.Entry)), Unproven: []);
        CommitResult result = await store.CommitAsync(batch, cancellationToken);
        return result.Status == CommitStatus.Committed
            ? new ChainHead(head.Chain, batch.Sequence, hash)
            : throw new InvalidOperationException("The ledger has the persons to prepare already.");
    }

    /// <summary>Registers a person with an open wallet and money.</summary>
    public static PersonState AddPerson(List<EncodedEntry> entries, int person, bool acceptsAutomatically, Chance chance, DateTimeOffset now)
    {
        PersonState state = new(Population.NameOf(person));
        RegionCode region = Population.RegionOf(person);
        Append(entries, state, PersonRules.Register(state, new Registration(region, Insurance.Employee, InsuranceStatus.Active), now));
        Append(entries, state, PersonRules.OpenWallet(state, new WalletTerms(region, acceptsAutomatically), now));
        Append(entries, state, PersonRules.Credit(state, new CreditOrder(chance.NextId(now), BenchLimits.CreditFen, "2024-12"), now));
        return state;
    }

    /// <summary>Adds the decided entry to the batch and applies it to the state.</summary>
    public static void Append(List<EncodedEntry> entries, PersonState state, Decision decision)
    {
        Entry entry = decision.Entry ?? throw new InvalidOperationException($"The preparation was refused: {decision.Refusal}");
        state.Apply(entry);
        entries.Add(new EncodedEntry(entry, EntryDetailCodec.Encode(entry.Detail)));
    }
}
