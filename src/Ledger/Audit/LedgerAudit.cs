using System.Collections.Concurrent;

namespace Gongji.Ledger.Audit;

/// <summary>
/// One audit of a whole ledger: the auditors, and what only their combined results show (invariant 1, and that all readings saw the
/// same entries). Pure: the code that reads the ledger feeds the auditors, then asks for the report once. Each pass has its own auditors and checks, so
/// passes may run at the same time; only deltas must come after batches.
/// </summary>
public sealed class LedgerAudit
{
    private const string Unproven = "not proven: a pass it needs stopped at something that cannot be read.";

    private readonly InvariantChecks _accounts = new();
    private readonly InvariantChecks _transfers = new();
    private readonly InvariantChecks _batches = new();
    private readonly ConcurrentDictionary<AuditPass, string> _stopped = [];

    /// <param name="capsFen">The most a region may owe others net, in fen, in addition to the caps in the store.</param>
    /// <param name="noted">The heads noted by an earlier audit of the same ledger.</param>
    public LedgerAudit(IReadOnlyDictionary<RegionCode, long>? capsFen = null, LedgerHeads? noted = null)
    {
        Accounts = new(_accounts);
        Snapshots = new(_accounts);
        Transfers = new(_transfers);
        HoldIndex = new(_transfers);
        Chains = new(_batches);
        Heads = new(_batches, noted);
        Deltas = new(_batches, capsFen);
    }

    public AccountAuditor Accounts { get; }

    public SnapshotAuditor Snapshots { get; }

    public TransferAuditor Transfers { get; }

    public HoldIndexAuditor HoldIndex { get; }

    public ChainAuditor Chains { get; }

    public HeadAuditor Heads { get; }

    public DeltaAuditor Deltas { get; }

    /// <summary>Notes that the store lacks a guard: one that keeps anybody from writing what no audit should have to find.</summary>
    /// <param name="missing">The guard that it lacks, and what to do.</param>
    public void AddMissing(MissingGuard missing) => (missing.Guard switch
    {
        LedgerGuard.AccountVersion => _accounts.AccountContinuity,
        LedgerGuard.OperationLeg => _transfers.TransferOutcomes,
        _ => _batches.HashChain,
    }).Violate(missing.Text);

    /// <summary>Checks the next batch, for its chain and for the deltas of its entries.</summary>
    public void AddBatch(
        int chain, long sequence, byte[] previousHash, byte[] hash, int entryCount, IEnumerable<(Entry Entry, byte[]? Detail)> entries, DateOnly openDay = default, DateOnly openBefore = default)
    {
        Chains.Add(chain, sequence, previousHash, hash, entryCount, entries, openDay, openBefore);
        Heads.Add(chain, sequence, hash);
        foreach ((Entry entry, _) in entries)
        {
            Deltas.Add(entry, openDay);
        }
    }

    /// <summary>Checks an entry whose batch is missing.</summary>
    public void AddOrphan(Entry entry)
    {
        Chains.AddOrphan(entry);
        Deltas.Add(entry);
    }

    /// <summary>Checks a stored sum of deltas, after every batch. Unless all batches were read, there is nothing to compare it with.</summary>
    public void AddDelta(DeltaKey key, DeltaSum sum)
    {
        if (Ran(AuditPass.Batches))
        {
            Deltas.AddStored(key, sum);
        }
    }

    /// <summary>Ends a pass at something that cannot be read. That is a violation, since what follows is not proven.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="reason">Why it cannot be read.</param>
    public void Stop(AuditPass pass, string reason)
    {
        (InvariantCheck check, string position) = pass switch
        {
            AuditPass.Accounts => (_accounts.AccountContinuity, Accounts.Position),
            AuditPass.Transfers => (_transfers.TransferOutcomes, Transfers.Position),
            AuditPass.Batches => (_batches.HashChain, Chains.Position),
            AuditPass.Deltas => (_batches.RegionDeltas, "among the stored sums"),
            _ => throw new ArgumentOutOfRangeException(nameof(pass), pass, "Unknown pass."),
        };
        _stopped[pass] = reason;
        check.Violate($"{position}: what comes next cannot be read, and nothing after it was checked in this order: {reason}");
        if (pass == AuditPass.Accounts)
        {
            _accounts.Pockets.Violate(Unproven);
            _accounts.Limits.Violate(Unproven);
            _accounts.Clearing.Violate(Unproven);
            _accounts.Snapshots.Violate(Unproven);
        }
    }

    /// <summary>Compares the results of all passes and reports.</summary>
    public AuditReport Complete()
    {
        InvariantChecks whole = new();
        CheckConservation(whole);
        CheckSameEntries(whole);
        CheckRegions(whole);
        if (Ran(AuditPass.Batches))
        {
            Heads.Complete();
        }

        InvariantChecks checks = new();
        foreach (InvariantChecks each in (InvariantChecks[])[_accounts, _transfers, _batches, whole])
        {
            checks.Add(each);
        }

        return new AuditReport([.. checks.All.Select(check => check.ToReport())], Accounts.All.Count, Heads.Heads);
    }

    private bool Ran(params ReadOnlySpan<AuditPass> passes)
    {
        foreach (AuditPass pass in passes)
        {
            if (_stopped.ContainsKey(pass))
            {
                return false;
            }
        }

        return true;
    }

    private void CheckConservation(InvariantChecks checks)
    {
        checks.Conservation.Count(Accounts.Accounts);
        if (!Ran(AuditPass.Accounts, AuditPass.Transfers))
        {
            checks.Conservation.Violate(Unproven);
            return;
        }

        Int128 differenceFen = Accounts.PocketsFen - Transfers.InTransitFen - Accounts.OutsideFen;
        if (differenceFen != 0)
        {
            checks.Conservation.Violate(
                $"the whole ledger: {Accounts.PocketsFen} fen in pockets less {Transfers.InTransitFen} in transit should be the "
                + $"{Accounts.OutsideFen} that came from outside and were not paid out; {differenceFen} too much.");
        }
    }

    /// <summary>Every entry must be in a batch, or no hash covers it; every hold, answer and outcome must be found by its operation.</summary>
    private void CheckSameEntries(InvariantChecks checks)
    {
        if (Ran(AuditPass.Accounts, AuditPass.Batches) && Accounts.All != Chains.Entries)
        {
            checks.HashChain.Violate($"the whole ledger: {Differ(Accounts.All, Chains.Entries, "batch", "entries")}");
        }

        if (Ran(AuditPass.Accounts, AuditPass.Transfers) && Accounts.Transfers != Transfers.Entries)
        {
            checks.TransferOutcomes.Violate($"the whole ledger: {Differ(Accounts.Transfers, Transfers.Entries, "operation", "entries of transfers, payments and refunds")}");
        }
    }

    private static string Differ(EntryTally byAccount, EntryTally other, string order, string what) => byAccount.Count == other.Count
        ? $"{byAccount.Count} {what} by account and by {order}, but not the same ones."
        : $"{byAccount.Count} {what} by account, {other.Count} by {order}.";

    private void CheckRegions(InvariantChecks checks)
    {
        if (!Ran(AuditPass.Batches))
        {
            checks.RegionDeltas.Violate(Unproven);
            return;
        }

        if (!Ran(AuditPass.Deltas))
        {
            return;
        }

        Deltas.Complete();
        if (Ran(AuditPass.Accounts))
        {
            Accounts.Clearing.CheckSettlements(Deltas);
        }

        if (Ran(AuditPass.Accounts, AuditPass.Transfers))
        {
            Deltas.CheckPositions(Accounts.PocketsByRegionFen, Transfers.InTransitByRegionFen);
        }
    }
}
