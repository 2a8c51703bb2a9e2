using System.Collections.Concurrent;
using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>What a <see cref="ScriptedStore"/> does with a commit.</summary>
public enum Fault
{
    None,

    /// <summary>Nothing is written, and the store reports that.</summary>
    Unavailable,

    /// <summary>The batch is written, but the answer is lost.</summary>
    UnknownWritten,

    /// <summary>The batch is not written, and the answer is lost.</summary>
    UnknownLost,

    /// <summary>The batch is not written yet: it lands when the test says so. The answer is lost.</summary>
    UnknownLate,

    /// <summary>Nothing is written because of a conflict, which has gone when the journal looks for it.</summary>
    VanishingConflict,

    /// <summary>An exception that the store's contract does not mention.</summary>
    Bug,

    /// <summary>The process is out of memory for a moment.</summary>
    OutOfMemory,
}

/// <summary>A ledger in memory with scripted faults, to test the journal's state machine step by step.</summary>
internal sealed class ScriptedStore : ILedgerStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, long), EncodedEntry> _versions = [];
    private readonly HashSet<(Guid, Leg)> _legs = [];
    private readonly Dictionary<int, List<SealedBatch>> _chains = [];
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly List<SealedBatch> _late = [];
    private TaskCompletionSource? _hold;

    public ConcurrentQueue<AccountSnapshot> Snapshots { get; } = new();

    /// <summary>Every commit that was attempted.</summary>
    public ConcurrentQueue<SealedBatch> Attempts { get; } = new();

    /// <summary>While set, commits and reads of the chain fail as unavailable.</summary>
    public volatile bool IsDown;

    private int _downAfter = int.MaxValue;

    /// <summary>Makes the store unavailable after a number of further commits.</summary>
    public void IsDownAfter(int commits) => _downAfter = commits;

    public bool SnapshotsFail { get; set; }

    /// <summary>While set, no chain can be opened.</summary>
    public volatile bool OpensFail;

    /// <summary>The number of chains that were opened.</summary>
    public int Chains
    {
        get
        {
            lock (_gate)
            {
                return _chains.Count;
            }
        }
    }

    /// <summary>The number of snapshot writes that were attempted.</summary>
    public int SnapshotWrites => _snapshotWrites;

    private int _snapshotWrites;

    /// <summary>The exception thrown while the store is down, or while snapshots fail.</summary>
    public Func<Exception> Failure { get; set; } = static () => new StoreUnavailableException("scripted");

    public ILedgerFeed Feed
    {
        get => field ?? throw new NotSupportedException();
        init;
    }

    /// <summary>The first day that is not closed; a test closes days by setting it.</summary>
    public DateOnly OpenDay { get; set; } = ClearingDays.First;

    public IEscrowStore Escrow => throw new NotSupportedException();

    public IGrainStateStore GrainState => throw new NotSupportedException();

    public IReadOnlyList<SealedBatch> Batches(int chain = 1)
    {
        lock (_gate)
        {
            return [.. _chains[chain]];
        }
    }

    public IReadOnlyList<Entry> Entries()
    {
        lock (_gate)
        {
            return [.. _versions.Values.Select(entry => entry.Entry).OrderBy(entry => entry.Account, StringComparer.Ordinal).ThenBy(entry => entry.Version)];
        }
    }

    public void Next(params Fault[] faults) => Array.ForEach(faults, _faults.Enqueue);

    private Task _lastAttempt = Task.CompletedTask;

    /// <summary>Makes commits wait from now on.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        TaskCompletionSource? hold = _hold;
        _hold = null;
        hold?.SetResult();
    }

    /// <summary>Lets late batches land; returns how many of them found their place free.</summary>
    public int LandLate()
    {
        lock (_gate)
        {
            int landed = _late.Count(batch => Apply(batch).Status == CommitStatus.Committed);
            _late.Clear();
            return landed;
        }
    }

    /// <summary>Writes entries as another silo would.</summary>
    public void WriteElsewhere(params Entry[] entries)
    {
        lock (_gate)
        {
            foreach (Entry entry in entries)
            {
                _versions.Add((entry.Account, entry.Version), new EncodedEntry(entry, null));
                _legs.Add((entry.Operation, entry.Leg));
            }
        }
    }

    /// <summary>Drops the last batch, as restoring a backup would.</summary>
    public void LoseLastBatch(int chain = 1)
    {
        lock (_gate)
        {
            SealedBatch last = _chains[chain][^1];
            _chains[chain].RemoveAt(_chains[chain].Count - 1);
            foreach (EncodedEntry entry in last.Entries)
            {
                _versions.Remove((entry.Entry.Account, entry.Entry.Version));
                _legs.Remove((entry.Entry.Operation, entry.Entry.Leg));
            }
        }
    }

    public Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task VerifySchemaAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> OpenChainAsync(string writer, int partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfDown();
            if (OpensFail)
            {
                throw new StoreUnavailableException("no chain can be opened");
            }

            _chains.Add(_chains.Count + 1, []);
            return Task.FromResult(_chains.Count);
        }
    }

    public Task<ChainHead> ReadChainHeadAsync(int chain, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfDown();
            return Task.FromResult(_chains[chain] is [.., { } last] ? new ChainHead(chain, last.Sequence, last.Hash) : new ChainHead(chain, 0, HashChain.Genesis(chain)));
        }
    }

    public async Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        // Commits are handled in the order of arrival, as by a store whose batches wait for the previous one, so that scripted faults apply in that order.
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            Attempts.Enqueue(batch);
            (before, _lastAttempt) = (_lastAttempt, ended.Task);
        }

        try
        {
            if (_hold is { } hold)
            {
                await hold.Task.WaitAsync(cancellationToken);
            }

            await before.WaitAsync(cancellationToken);
            return Attempt(batch);
        }
        finally
        {
            ended.SetResult();
        }
    }

    private CommitResult Attempt(SealedBatch batch)
    {
        lock (_gate)
        {
            ThrowIfDown();
            IsDown = --_downAfter == 0;
            switch (_faults.TryDequeue(out Fault fault) ? fault : Fault.None)
            {
                case Fault.Unavailable:
                    throw new StoreUnavailableException("scripted");
                case Fault.UnknownWritten:
                    Apply(batch);
                    throw new StoreOutcomeUnknownException("scripted");
                case Fault.UnknownLost:
                    throw new StoreOutcomeUnknownException("scripted");
                case Fault.UnknownLate:
                    _late.Add(batch);
                    throw new StoreOutcomeUnknownException("scripted");
                case Fault.VanishingConflict:
                    return new CommitResult(CommitStatus.Conflict, [], [], false);
                case Fault.Bug:
                    throw new InvalidOperationException("scripted");
                case Fault.OutOfMemory:
                    throw new InsufficientMemoryException("scripted");
                default:
                    return Apply(batch);
            }
        }
    }

    public Task WriteSnapshotsAsync(IReadOnlyList<AccountSnapshot> snapshots, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _snapshotWrites);
        if (SnapshotsFail)
        {
            throw Failure();
        }

        foreach (AccountSnapshot snapshot in snapshots)
        {
            Snapshots.Enqueue(snapshot);
        }

        return Task.CompletedTask;
    }

    public Task<AccountHistory> LoadAccountAsync(string account, CancellationToken cancellationToken) =>
        Task.FromResult(new AccountHistory(null, 0, null, [.. Entries().Where(entry => entry.Account == account)]));

    public Task<IReadOnlyList<Entry>> ReadEntriesAsync(string account, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Entry>> ReadOperationAsync(Guid operation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyCollection<Guid> operations, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<StoredHold>> FindUnfinishedAsync(DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<HoldPage> FindAnsweredAsync(DateTimeOffset answeredBefore, Guid after, int scanned, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(RegionCode? region, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DateOnly> ReadOpenDayAsync(CancellationToken cancellationToken) => Task.FromResult(OpenDay);

    public Task<ILedgerScan> OpenScanAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw Failure();
        }
    }

    private CommitResult Apply(SealedBatch batch)
    {
        List<SealedBatch> chain = _chains[batch.Chain];
        byte[] head = chain is [.., { } last] ? last.Hash : HashChain.Genesis(batch.Chain);
        bool moved = batch.Sequence != chain.Count + 1 || !head.SequenceEqual(batch.PreviousHash);
        List<int> versions = [];
        List<int> legs = [];
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Entry entry = batch.Entries[i].Entry;
            if (_versions.ContainsKey((entry.Account, entry.Version)))
            {
                versions.Add(i);
            }

            if (_legs.Contains((entry.Operation, entry.Leg)))
            {
                legs.Add(i);
            }
        }

        List<int> orphans = [.. BatchAnalysis.Unproven(batch).Where(i => !_versions.ContainsKey((batch.Entries[i].Entry.Account, batch.Entries[i].Entry.Version - 1)))];
        bool isLate = BatchAnalysis.Closes(batch) ? OpenDay >= batch.OpenDay : batch.Deltas.Count > 0 && OpenDay != batch.OpenDay;
        CommitResult conflict = BatchAnalysis.Conflict(batch, versions, legs, orphans, moved) with { OpenDay = isLate ? OpenDay : null };
        if (moved || isLate || conflict.InTheWay > 0)
        {
            return conflict;
        }

        foreach (EncodedEntry entry in batch.Entries)
        {
            _versions.Add((entry.Entry.Account, entry.Entry.Version), entry);
            _legs.Add((entry.Entry.Operation, entry.Entry.Leg));
        }

        chain.Add(batch);
        OpenDay = BatchAnalysis.Closes(batch) ? batch.OpenDay : OpenDay;
        return CommitResult.Committed;
    }
}
