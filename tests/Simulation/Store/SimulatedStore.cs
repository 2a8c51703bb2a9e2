using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Store;

/// <summary>
/// A silo's connections to the database. A request takes time to arrive, is executed at one moment, and its answer takes time to return. So commits of
/// several silos interleave, and a caller may learn of its commit late, wrongly, or never.
/// </summary>
public class SimulatedStore(SimulationCore core, SimulatedDatabase database, StoreWeather weather, string silo) : ILedgerStore, IGrainStateStore, IEscrowStore
{
    private readonly Prng _prng = core.Chance("store of " + silo);

    public IGrainStateStore GrainState => this;

    public IEscrowStore Escrow => this;

    public ILedgerFeed Feed { get; } = new SimulatedFeed(database);

    /// <summary>Whether the other silos have declared this silo dead although it lives.</summary>
    public bool IsZombie { get; set; }

    protected SimulatedDatabase Database => database;

    public Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task VerifySchemaAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> OpenChainAsync(string writer, int partition, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(() => database.OpenChain(writer));

    public Task<ChainHead> ReadChainHeadAsync(int chain, CancellationToken cancellationToken) => ReadAsync(() => database.ReadChainHead(chain));

    public virtual Task<AccountHistory> LoadAccountAsync(string account, CancellationToken cancellationToken) => ReadAsync(() =>
    {
        AccountHistory history = database.LoadAccount(account);
        if (history.Snapshot is not null)
        {
            core.Coverage.Hit(history.Entries.Count > 0 ? CoveragePoint.SnapshotWithTailLoaded : CoveragePoint.SnapshotLoaded);
        }
        else if (history.Entries.Count > 0)
        {
            core.Coverage.Hit(CoveragePoint.ActivationReloaded);
        }

        return history;
    });

    public Task<IReadOnlyList<Entry>> ReadEntriesAsync(string account, long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => database.ReadEntries(account, after, limit));

    public virtual Task<IReadOnlyList<Entry>> ReadOperationAsync(Guid operation, CancellationToken cancellationToken) =>
        ReadAsync(() => database.ReadOperation(operation));

    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyCollection<Guid> operations, CancellationToken cancellationToken) =>
        ReadAsync(IReadOnlyDictionary<Guid, IReadOnlyList<Entry>> () => operations.Select(operation => (Id: operation, Entries: database.ReadOperation(operation)))
            .Where(found => found.Entries.Count > 0).ToDictionary(found => found.Id, found => found.Entries));

    public virtual Task<IReadOnlyList<StoredHold>> FindUnfinishedAsync(
        DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => database.FindUnfinished(dueBy, interruptedBefore, after, limit));

    public virtual Task<HoldPage> FindAnsweredAsync(DateTimeOffset answeredBefore, Guid after, int scanned, CancellationToken cancellationToken) =>
        ReadAsync(() => database.FindAnswered(answeredBefore, after, scanned));

    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(RegionCode? region, CancellationToken cancellationToken) =>
        ReadAsync(() => database.ReadDeltas(region));

    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        ReadAsync(() => database.ReadDeltas(first, last));

    public Task<DateOnly> ReadOpenDayAsync(CancellationToken cancellationToken) => ReadAsync(() => database.OpenDay);

    public Task<ILedgerScan> OpenScanAsync(CancellationToken cancellationToken) => Task.FromResult<ILedgerScan>(new SimulatedScan(database));

    public Task WriteSnapshotsAsync(IReadOnlyList<AccountSnapshot> snapshots, CancellationToken cancellationToken) => ReadAsync(() =>
    {
        database.WriteSnapshots(snapshots);
        core.Coverage.Hit(CoveragePoint.SnapshotWritten);
        return true;
    });

    public Task<(byte[]? Payload, string? ETag)> ReadAsync(string name, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => database.ReadDocument(name, key));

    public Task<string?> WriteAsync(string name, string key, byte[] payload, string? etag, CancellationToken cancellationToken) =>
        WriteAsync(() => database.WriteDocument(name, key, payload, etag));

    public Task<bool> ClearAsync(string name, string key, string? etag, CancellationToken cancellationToken) =>
        WriteAsync(() => database.ClearDocument(name, key, etag));

    public Task SetCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken) => ChangeAsync(() =>
    {
        database.SetCap(region, capFen, revision);
        return true;
    });

    public Task<EscrowSlice?> LeaseAsync(SliceRequest request, CancellationToken cancellationToken) => ChangeAsync(() => database.Lease(request));

    public virtual Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        core.Trace.Add("commit-sent", silo, default, HashChain.BatchId(batch.Chain, batch.Sequence), batch.Entries.Count);
        return WriteAsync(() =>
        {
            CommitResult result = database.Commit(batch);
            core.Trace.Add(
                result.Status == CommitStatus.Committed ? "committed" : "conflict", silo, default, HashChain.BatchId(batch.Chain, batch.Sequence), batch.Entries.Count);
            Count(batch, result);
            return result;
        });
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a query, or a change that may be lost: either it happens, or it does not and the caller knows.</summary>
    private Task<T> ReadAsync<T>(Func<T> work)
    {
        StoreRequest<T> request = new(core, weather, work);
        if (weather.IsDown || core.Strikes(_prng, core.Faults.StoreRefused, CoveragePoint.StoreRefused))
        {
            request.Refuse(weather.Delay(_prng));
        }
        else
        {
            request.Send(weather.Delay(_prng), _prng.Chance(0.25) ? weather.Delay(_prng) : 0, isWrite: false);
        }

        return request.Task;
    }

    /// <summary>Runs a change for which a failure and an unknown outcome mean the same to the caller, who asks again.</summary>
    private async Task<T> ChangeAsync<T>(Func<T> work)
    {
        try
        {
            return await WriteAsync(work);
        }
        catch (StoreOutcomeUnknownException unknown)
        {
            throw new StoreUnavailableException(unknown.Message, unknown);
        }
    }

    private Task<T> WriteAsync<T>(Func<T> work)
    {
        StoreRequest<T> request = new(core, weather, work);
        FaultPlan faults = core.Faults;
        long there = weather.Delay(_prng);
        long back = weather.Delay(_prng);
        if (core.Strikes(_prng, faults.SlowFsync, CoveragePoint.SlowFsync))
        {
            there += _prng.Between(TimeSpan.TicksPerMillisecond * 20, TimeSpan.TicksPerSecond * 3);
        }

        if (weather.IsDown || core.Strikes(_prng, faults.StoreRefused, CoveragePoint.StoreRefused))
        {
            request.Refuse(there);
        }
        else if (core.Strikes(_prng, faults.ErrorBeforeCommit, CoveragePoint.ErrorBeforeCommit))
        {
            request.Refuse(there + back);
        }
        else if (core.Strikes(_prng, faults.ErrorAfterCommit, CoveragePoint.ErrorAfterCommit))
        {
            request.LoseAnswer(there, there + back);
        }
        else if (core.Strikes(_prng, faults.LandsAfterError, CoveragePoint.LandedAfterError))
        {
            long error = there + back;
            request.LoseAnswer(error + _prng.Between(1, TimeSpan.TicksPerSecond * (_prng.Chance(0.3) ? 5 : 1) / 4), error);
        }
        else if (core.Strikes(_prng, faults.UnknownNotLanded, CoveragePoint.UnknownNotLanded))
        {
            request.LoseAnswer(null, there + back);
        }
        else
        {
            request.Send(there, back, isWrite: true);
        }

        return request.Task;
    }

    private void Count(SealedBatch batch, CommitResult result)
    {
        Coverage coverage = core.Coverage;
        if (result.Status == CommitStatus.Committed)
        {
            if (batch.Entries.Count == 0)
            {
                coverage.Hit(CoveragePoint.EmptyBatchCommitted);
            }

            if (batch.IsSuccessor)
            {
                coverage.Hit(CoveragePoint.SuccessorCommitted);
            }

            return;
        }

        if (result.ChainMoved)
        {
            coverage.Hit(CoveragePoint.ConflictChainMoved);
            if (batch.IsSuccessor)
            {
                coverage.Hit(CoveragePoint.SuccessorRefused);
            }
            else if (database.ReadChainHead(batch.Chain).Sequence == batch.Sequence + 1)
            {
                coverage.Hit(CoveragePoint.SuccessorFoundWithItsPredecessor);
            }
        }
        else if (result.StaleAt.Count > 0)
        {
            coverage.Hit(CoveragePoint.ConflictStale);
            if (IsZombie)
            {
                coverage.Hit(CoveragePoint.ZombieWriteFenced);
            }
        }

        if (result is { ChainMoved: false, OpenDay: not null })
        {
            coverage.Hit(CoveragePoint.ConflictDayClosed);
        }

        if (result is { ChainMoved: false, DuplicateAt.Count: > 0 })
        {
            coverage.Hit(CoveragePoint.ConflictDuplicate);
        }

        if (result is { ChainMoved: false, RepeatAt.Count: > 0 })
        {
            coverage.Hit(CoveragePoint.ConflictRepeat);
        }
    }
}
