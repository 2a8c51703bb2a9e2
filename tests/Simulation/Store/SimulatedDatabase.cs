using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Store;

/// <summary>
/// The one durable ledger of a run, in memory. It enforces exactly the constraints that the SQL stores enforce and no more: unique (account, version),
/// the previous version for entries that ask for that proof, unique (operation, leg), and unique (chain, sequence) following the previous batch.
/// Each method is one transaction, at one moment. Planted bugs override what they break.
/// </summary>
public class SimulatedDatabase(ILedgerWatch watch)
{
    private static readonly HashSet<RegionCode> NoRegions = [];
    private readonly Dictionary<string, List<Entry>> _accounts = [];
    private readonly HashSet<(string Account, long Version)> _versions = [];
    private readonly HashSet<(Guid Operation, Leg Leg)> _batchLegs = [];
    private readonly Dictionary<Guid, OperationRow> _operations = [];
    private readonly List<ChainRow> _chains = [];
    private readonly Dictionary<DeltaKey, DeltaSum> _deltas = [];
    private readonly SortedDictionary<(Guid Operation, Leg Leg), StoredHold> _holds = [];
    private readonly Dictionary<string, AccountSnapshot> _snapshots = [];
    private readonly Dictionary<(string Name, string Key), (byte[] Payload, long Version)> _documents = [];

    public IReadOnlyDictionary<string, List<Entry>> Accounts => _accounts;

    public IReadOnlyDictionary<Guid, OperationRow> Operations => _operations;

    public IReadOnlyList<ChainRow> Chains => _chains;

    public IReadOnlyDictionary<DeltaKey, DeltaSum> Deltas => _deltas;

    public IReadOnlyDictionary<(Guid Operation, Leg Leg), StoredHold> Holds => _holds;

    public IReadOnlyCollection<AccountSnapshot> StoredSnapshots => _snapshots.Values;

    /// <summary>The first day that is not closed.</summary>
    public DateOnly OpenDay { get; private set; } = ClearingDays.First;

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

    /// <summary>Caps, each with what its region owed when it was set. Slices hold, by region and chain, what was granted and used.</summary>
    private readonly Dictionary<RegionCode, (long CapFen, long DebtFen)> _caps = [];
    private readonly Dictionary<(RegionCode Region, int Chain), (long GrantedFen, long UsedFen, DateTimeOffset ExpiresAt)> _slices = [];

    private readonly Dictionary<RegionCode, long> _capRevisions = [];

    public void SetCap(RegionCode region, long? capFen, long revision)
    {
        if (_capRevisions.TryGetValue(region, out long since) && since >= revision)
        {
            return;
        }

        _capRevisions[region] = revision;
        if (capFen is { } cap && _caps.TryGetValue(region, out (long CapFen, long DebtFen) known) && known.CapFen == cap)
        {
            return;
        }

        watch.OnCap(region, capFen);
        foreach ((RegionCode Region, int Chain) key in _slices.Keys.Where(key => key.Region == region).ToList())
        {
            _slices[key] = _slices[key] with { GrantedFen = _slices[key].UsedFen };
        }

        if (capFen is { } set)
        {
            _caps[region] = (set, Math.Max(0, -NetFen(region)));
        }
        else
        {
            _caps.Remove(region);
        }
    }

    /// <summary>Leases a slice. A planted bug overrides this to grant headroom that is already granted.</summary>
    public virtual EscrowSlice? Lease(SliceRequest request)
    {
        if (!_caps.TryGetValue(request.Region, out (long CapFen, long DebtFen) cap))
        {
            return null;
        }

        foreach ((RegionCode Region, int Chain) key in _slices.Where(slice => slice.Key.Region == request.Region && slice.Key.Chain != request.Chain
            && slice.Value.ExpiresAt <= request.Now && slice.Value.GrantedFen > slice.Value.UsedFen).Select(slice => slice.Key).ToList())
        {
            _slices[key] = _slices[key] with { GrantedFen = _slices[key].UsedFen };
            watch.OnSlice(CoveragePoint.SliceRevoked);
        }

        long headroom = Escrow.HeadroomFen(cap.CapFen, NetFen(request.Region), OpenFen(request.Region));
        long more = Escrow.SliceFen(headroom, request.NeedFen, request.WantFen);
        watch.OnSlice(more > 0 ? CoveragePoint.SliceGranted : CoveragePoint.SliceShort);
        (long GrantedFen, long UsedFen, DateTimeOffset ExpiresAt) slice = _slices.GetValueOrDefault((request.Region, request.Chain));
        slice = (slice.GrantedFen + more, slice.UsedFen, slice.ExpiresAt > request.ExpiresAt ? slice.ExpiresAt : request.ExpiresAt);
        _slices[(request.Region, request.Chain)] = slice;
        return new EscrowSlice(slice.GrantedFen, slice.UsedFen, headroom - more);
    }

    public IEnumerable<EscrowCap> Caps => _caps.Select(cap => new EscrowCap(cap.Key, cap.Value.CapFen, cap.Value.DebtFen));

    public IEnumerable<StoredSlice> Slices => _slices.Select(slice => new StoredSlice(slice.Key.Region, slice.Key.Chain, slice.Value.GrantedFen, slice.Value.UsedFen));

    /// <summary>What is granted and not used.</summary>
    protected virtual long OpenFen(RegionCode region) => _slices.Where(slice => slice.Key.Region == region).Sum(slice => slice.Value.GrantedFen - slice.Value.UsedFen);

    private long NetFen(RegionCode region) => _deltas.Where(delta => Escrow.IsDebit(delta.Key))
        .Sum(delta => delta.Key.To == region ? delta.Value.AmountFen : delta.Key.From == region ? -delta.Value.AmountFen : 0);

    private HashSet<RegionCode> FindOverCap(int chain, Dictionary<RegionCode, long> debits) => debits.Count == 0 ? NoRegions :
    [
        .. debits.Where(debit => _caps.ContainsKey(debit.Key)
            && !(_slices.TryGetValue((debit.Key, chain), out (long GrantedFen, long UsedFen, DateTimeOffset) slice) && slice.UsedFen + debit.Value <= slice.GrantedFen))
            .Select(debit => debit.Key),
    ];

    private void UseSlices(int chain, Dictionary<RegionCode, long> debits)
    {
        foreach ((RegionCode region, long fen) in debits)
        {
            if (_caps.ContainsKey(region))
            {
                _slices[(region, chain)] = _slices[(region, chain)] with { UsedFen = _slices[(region, chain)].UsedFen + fen };
            }
        }
    }

    /// <summary>Commits a batch, or names the entries in its way.</summary>
    public virtual CommitResult Commit(SealedBatch batch)
    {
        List<SealedBatch> chain = _chains[batch.Chain - 1].Batches;
        bool chainMoved = !Follows(batch, chain);
        List<int>? stale = null;
        List<int>? duplicate = null;
        List<int>? repeats = null;
        FindConflicts(batch, ref stale, ref duplicate, ref repeats);
        Dictionary<RegionCode, long> debits = Escrow.Debits(batch.Deltas);
        HashSet<RegionCode> over = FindOverCap(batch.Chain, debits);
        bool closes = batch.Entries.Any(entry => entry.Entry.Kind == EntryKind.DayClosed);
        bool isLate = closes ? OpenDay >= batch.OpenDay : batch.Deltas.Count > 0 && IsLate(batch);
        if (chainMoved || stale is not null || duplicate is not null || repeats is not null || over.Count > 0 || isLate)
        {
            if (over.Count > 0)
            {
                watch.OnSlice(CoveragePoint.SliceUsedLate);
            }

            IReadOnlyList<int> overAt = over.Count == 0 ? [] : [.. Enumerable.Range(0, batch.Entries.Count).Where(i =>
                Escrow.IsDebitOf(over, batch.Entries[i].Entry))];
            return new CommitResult(CommitStatus.Conflict, stale ?? [], duplicate ?? [], chainMoved)
            {
                RepeatAt = repeats ?? [],
                OverCapAt = overAt,
                OpenDay = isLate ? OpenDay : null,
            };
        }

        UseSlices(batch.Chain, debits);
        OpenDay = closes ? batch.OpenDay : OpenDay;

        chain.Add(batch);
        foreach (EncodedEntry encoded in batch.Entries)
        {
            Insert(encoded.Entry);
        }

        AddDeltas(batch);
        watch.OnCommitted(batch, this);
        return CommitResult.Committed;
    }

    /// <summary>The history from which an activation loads an account.</summary>
    public virtual AccountHistory LoadAccount(string account)
    {
        AccountSnapshot? snapshot = _snapshots.GetValueOrDefault(account);
        long version = snapshot?.Version ?? 0;
        return AccountHistory.Of(snapshot?.State, version, [.. ReadEntries(account, Math.Max(0, version - 1), int.MaxValue)]);
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

    /// <summary>Among the next <paramref name="scanned"/> open holds, those that their recipients have answered.</summary>
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

    public IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>> ReadDeltas(DateOnly first, DateOnly last) =>
        [.. _deltas.Where(delta => delta.Key.Day >= first && delta.Key.Day <= last)];

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

    /// <summary>Adds a batch's deltas to the sums.</summary>
    protected void AddDeltas(SealedBatch batch)
    {
        foreach ((DeltaKey key, DeltaSum sum) in batch.Deltas)
        {
            _deltas[key] = _deltas.GetValueOrDefault(key) + sum;
        }
    }

    /// <summary>Whether the batch's place in its chain is free and its predecessor is there.</summary>
    protected virtual bool Follows(SealedBatch batch, IReadOnlyList<SealedBatch> chain) =>
        batch.Sequence == chain.Count + 1 && batch.PreviousHash.AsSpan().SequenceEqual(chain.Count == 0 ? HashChain.Genesis(batch.Chain) : chain[^1].Hash);

    /// <summary>Whether a day was closed of which the batch's deltas take no account.</summary>
    protected virtual bool IsLate(SealedBatch batch) => OpenDay != batch.OpenDay;

    /// <summary>Whether (account, version) is taken.</summary>
    protected virtual bool HasVersion(Entry entry) => _accounts.TryGetValue(entry.Account, out List<Entry>? entries) && entries.Count >= entry.Version;

    /// <summary>Whether the previous version is there.</summary>
    protected virtual bool HasPrevious(Entry entry) =>
        entry.Version == 1 || (_accounts.TryGetValue(entry.Account, out List<Entry>? entries) && entries.Count >= entry.Version - 1);

    /// <summary>Whether (operation, leg) is taken.</summary>
    protected virtual bool HasLeg(Entry entry) => _operations.TryGetValue(entry.Operation, out OperationRow? row) && row[entry.Leg] is not null;

    /// <summary>Removes a hold that has ended from the index.</summary>
    protected virtual void RemoveHold(Entry outcome, Leg opener) => _holds.Remove((outcome.Operation, opener));

    private void FindConflicts(SealedBatch batch, ref List<int>? stale, ref List<int>? duplicate, ref List<int>? repeats)
    {
        // Also finds duplicates within the batch itself.
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

            if (!legs.Add((entry.Operation, entry.Leg)))
            {
                (repeats ??= []).Add(i);
            }

            if (HasLeg(entry))
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
        if (OpenWork.IsOpenedBy(entry, out DateTimeOffset expiresAt, out bool isAutomatic))
        {
            _holds[(entry.Operation, entry.Leg)] = new StoredHold(entry.Operation, entry.Leg, entry.Account, entry.At, expiresAt, isAutomatic);
        }
        else if (OpenWork.IsEndedBy(entry, out Leg opener))
        {
            RemoveHold(entry, opener);
        }
    }

    private static string ETagOf(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
