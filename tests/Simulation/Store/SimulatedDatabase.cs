using Gongji.Simulation.Oracle;

namespace Gongji.Simulation.Store;

/// <summary>
/// The one durable ledger of a run, in memory. It keeps exactly the constraints that the SQL stores keep, no more: unique (account, version)
/// and the previous version for entries that ask for that proof, unique (operation, leg), unique (chain, sequence) following the batch
/// before. Each method is one transaction at one moment. Planted bugs override what they break.
/// </summary>
public class SimulatedDatabase(ILedgerWatch watch)
{
    private readonly Dictionary<string, List<Entry>> _accounts = [];
    private readonly HashSet<(string Account, long Version)> _versions = [];
    private readonly HashSet<(Guid Operation, Leg Leg)> _batchLegs = [];
    private readonly Dictionary<Guid, OperationRow> _operations = [];
    private readonly List<ChainRow> _chains = [];
    private readonly Dictionary<DeltaKey, DeltaSum> _deltas = [];
    private readonly SortedDictionary<Guid, StoredHold> _holds = [];
    private readonly Dictionary<string, AccountSnapshot> _snapshots = [];
    private readonly Dictionary<(string Name, string Key), (byte[] Payload, long Version)> _documents = [];

    public IReadOnlyDictionary<string, List<Entry>> Accounts => _accounts;

    public IReadOnlyDictionary<Guid, OperationRow> Operations => _operations;

    public IReadOnlyList<ChainRow> Chains => _chains;

    public IReadOnlyDictionary<DeltaKey, DeltaSum> Deltas => _deltas;

    public IReadOnlyDictionary<Guid, StoredHold> Holds => _holds;

    public int OpenChain(string writer)
    {
        _chains.Add(new ChainRow(writer));
        return _chains.Count;
    }

    public ChainHead ReadChainHead(int chain)
    {
        List<SealedBatch> batches = _chains[chain - 1].Batches;
        return batches.Count == 0 ? new ChainHead(chain, 0, HashChain.Genesis(chain)) : new ChainHead(chain, batches.Count, batches[^1].Hash);
    }

    /// <summary>Commits a batch or names what is in its way.</summary>
    public virtual CommitResult Commit(SealedBatch batch)
    {
        List<SealedBatch> chain = _chains[batch.Chain - 1].Batches;
        byte[] previous = chain.Count == 0 ? HashChain.Genesis(batch.Chain) : chain[^1].Hash;
        bool chainMoved = batch.Sequence != chain.Count + 1 || !batch.PreviousHash.AsSpan().SequenceEqual(previous);
        List<int>? stale = null;
        List<int>? duplicate = null;
        FindConflicts(batch, ref stale, ref duplicate);
        if (chainMoved || stale is not null || duplicate is not null)
        {
            return new CommitResult(CommitStatus.Conflict, stale ?? [], duplicate ?? [], chainMoved);
        }

        chain.Add(batch);
        foreach (EncodedEntry encoded in batch.Entries)
        {
            Insert(encoded.Entry);
        }

        AddDeltas(batch);
        watch.OnCommitted(batch, this);
        return CommitResult.Committed;
    }

    /// <summary>An account as an activation loads it.</summary>
    public virtual AccountHistory LoadAccount(string account)
    {
        AccountSnapshot? snapshot = _snapshots.GetValueOrDefault(account);
        return new AccountHistory(snapshot?.State, snapshot?.Version ?? 0, ReadEntries(account, snapshot?.Version ?? 0, int.MaxValue));
    }

    public IReadOnlyList<Entry> ReadEntries(string account, long after, int limit)
    {
        if (!_accounts.TryGetValue(account, out List<Entry>? entries))
        {
            return [];
        }

        int first = (int)Math.Min(after, entries.Count);
        return entries.GetRange(first, Math.Min(limit, entries.Count - first));
    }

    /// <summary>The entries of an operation, by leg.</summary>
    public virtual IReadOnlyList<Entry> ReadOperation(Guid operation) =>
        _operations.TryGetValue(operation, out OperationRow? row) ? row.ToList() : [];

    public void WriteSnapshots(IReadOnlyList<AccountSnapshot> snapshots)
    {
        foreach (AccountSnapshot snapshot in snapshots)
        {
            if (!_snapshots.TryGetValue(snapshot.Account, out AccountSnapshot? known) || known.Version < snapshot.Version)
            {
                _snapshots[snapshot.Account] = snapshot;
            }

            watch.OnSnapshot(snapshot);
        }
    }

    /// <summary>Open holds that are due or interrupted, by operation.</summary>
    public virtual IReadOnlyList<StoredHold> FindUnfinished(DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit)
    {
        List<StoredHold> found = [];
        foreach (StoredHold hold in _holds.Values)
        {
            if (hold.Operation.CompareTo(after) > 0 && (hold.ExpiresAt <= dueBy || (hold.AutoAccept && hold.HeldAt <= interruptedBefore)))
            {
                found.Add(hold);
                watch.OnFound(hold, dueBy);
                if (found.Count == limit)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Open holds that their recipient has answered, among the next so many.</summary>
    public virtual HoldPage FindAnswered(DateTimeOffset answeredBefore, Guid after, int scanned)
    {
        List<StoredHold> found = [];
        int looked = 0;
        foreach (StoredHold hold in _holds.Values)
        {
            if (hold.Operation.CompareTo(after) <= 0)
            {
                continue;
            }

            if (_operations[hold.Operation][Leg.Answer] is { } answer && answer.At <= answeredBefore)
            {
                found.Add(hold);
                watch.OnFound(hold, DateTimeOffset.MinValue);
            }

            if (++looked == scanned)
            {
                return new HoldPage(found, hold.Operation);
            }
        }

        return new HoldPage(found, Guid.Empty);
    }

    public IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>> ReadDeltas(RegionCode? region) =>
        [.. _deltas.Where(delta => region is not { } one || delta.Key.From == one || delta.Key.To == one)];

    public (byte[]? Payload, string? ETag) ReadDocument(string name, string key) =>
        _documents.TryGetValue((name, key), out (byte[] Payload, long Version) document) ? (document.Payload, ETagOf(document.Version)) : (null, null);

    public string? WriteDocument(string name, string key, byte[] payload, string? etag)
    {
        bool known = _documents.TryGetValue((name, key), out (byte[] Payload, long Version) document);
        if ((known ? ETagOf(document.Version) : null) != etag)
        {
            return null;
        }

        _documents[(name, key)] = (payload, document.Version + 1);
        watch.OnDocument(name, key, payload);
        return ETagOf(document.Version + 1);
    }

    public bool ClearDocument(string name, string key, string? etag) =>
        _documents.TryGetValue((name, key), out (byte[] Payload, long Version) document) && ETagOf(document.Version) == etag
        && _documents.Remove((name, key));

    /// <summary>Adds what a batch carries for regions.</summary>
    protected void AddDeltas(SealedBatch batch)
    {
        foreach ((DeltaKey key, DeltaSum sum) in batch.Deltas)
        {
            _deltas[key] = _deltas.GetValueOrDefault(key) + sum;
        }
    }

    /// <summary>Whether (account, version) is taken.</summary>
    protected virtual bool HasVersion(Entry entry) => _accounts.TryGetValue(entry.Account, out List<Entry>? entries) && entries.Count >= entry.Version;

    /// <summary>Whether the version before is there.</summary>
    protected virtual bool HasPrevious(Entry entry) =>
        entry.Version == 1 || (_accounts.TryGetValue(entry.Account, out List<Entry>? entries) && entries.Count >= entry.Version - 1);

    /// <summary>Whether (operation, leg) is taken.</summary>
    protected virtual bool HasLeg(Entry entry) => _operations.TryGetValue(entry.Operation, out OperationRow? row) && row[entry.Leg] is not null;

    /// <summary>Takes a hold that has ended out of the index.</summary>
    protected virtual void RemoveHold(Entry outcome) => _holds.Remove(outcome.Operation);

    private void FindConflicts(SealedBatch batch, ref List<int>? stale, ref List<int>? duplicate)
    {
        // Also what the batch has twice in itself.
        HashSet<(string, long)> versions = _versions;
        HashSet<(Guid, Leg)> legs = _batchLegs;
        versions.Clear();
        legs.Clear();
        int nextUnproven = 0;
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Entry entry = batch.Entries[i].Entry;
            bool unproven = batch.Unproven is null;
            if (batch.Unproven is { } positions && nextUnproven < positions.Count && positions[nextUnproven] == i)
            {
                unproven = true;
                nextUnproven++;
            }

            bool isStale = HasVersion(entry) || (unproven && !HasPrevious(entry) && !versions.Contains((entry.Account, entry.Version - 1)));
            if (!versions.Add((entry.Account, entry.Version)) || isStale)
            {
                (stale ??= []).Add(i);
            }

            if (!legs.Add((entry.Operation, entry.Leg)) || HasLeg(entry))
            {
                (duplicate ??= []).Add(i);
            }
        }
    }

    private void Insert(Entry entry)
    {
        if (!_accounts.TryGetValue(entry.Account, out List<Entry>? entries))
        {
            _accounts.Add(entry.Account, entries = []);
        }

        entries.Add(entry);
        if (!_operations.TryGetValue(entry.Operation, out OperationRow? row))
        {
            _operations.Add(entry.Operation, row = new OperationRow());
        }

        row.Add(entry);
        if (entry is { Kind: EntryKind.Hold, Detail: HoldTerms terms })
        {
            _holds[entry.Operation] = new StoredHold(entry.Operation, entry.Account, entry.At, terms.ExpiresAt, terms.AutoAccept);
        }
        else if (entry.Leg == Leg.Outcome)
        {
            RemoveHold(entry);
        }
    }

    private static string ETagOf(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
