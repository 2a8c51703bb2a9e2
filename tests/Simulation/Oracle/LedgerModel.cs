using System.Text.Json;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Oracle;

/// <summary>
/// The plain sequential model. It takes in every entry when it becomes durable, checks that the entry may follow what was there, and checks the
/// invariants after every batch. It implements the rules itself, without the ledger's code. This part handles the batch as a whole.
/// </summary>
internal sealed partial class LedgerModel(SimulationCore core, IReadOnlyDictionary<int, RulesRecord?> regions) : ILedgerWatch
{
    private readonly Dictionary<string, ModelAccount> _accounts = [];
    private readonly Dictionary<Guid, ModelTransfer> _transfers = [];
    private readonly Dictionary<Guid, (Entry Entry, long Sequence)> _credits = [];
    private readonly Dictionary<Guid, CommandRecord> _commands = [];
    private readonly Dictionary<int, ModelRegion> _regions = regions.ToDictionary(region => region.Key, region => new ModelRegion(region.Key, region.Value));
    private readonly Dictionary<int, (long Sequence, byte[] Hash)> _chains = [];
    private readonly Dictionary<DeltaKey, (long Count, long AmountFen)> _deltas = [];
    private readonly Dictionary<DeltaKey, (long Count, long AmountFen)> _batchDeltas = [];
    private readonly HashSet<ModelRegion> _touched = [];
    private long _pocketsFen;
    private long _outsideFen;
    private long _inTransitFen;

    /// <summary>The number of commits so far.</summary>
    public long Sequence { get; private set; }

    /// <summary>The number of credits, receipts, returns, payments and refunds: money that came in, reached its recipient, went back, or was paid out.</summary>
    public long Movements { get; private set; }

    public long Entries { get; private set; }

    public IReadOnlyDictionary<Guid, ModelTransfer> Transfers => _transfers;

    public IReadOnlyDictionary<Guid, CommandRecord> Commands => _commands;

    public ModelAccount AccountOf(string person)
    {
        if (!_accounts.TryGetValue(person, out ModelAccount? account))
        {
            _accounts.Add(person, account = new ModelAccount(person));
        }

        return account;
    }

    public CommandRecord RecordOf(Guid id)
    {
        if (!_commands.TryGetValue(id, out CommandRecord? record))
        {
            _commands.Add(id, record = new CommandRecord(id));
        }

        return record;
    }

    public ModelRegion? RegionOf(string code) => RegionOf(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture));

    public ModelRegion? RegionOf(int code) => _regions.GetValueOrDefault(code);

    public (Entry Entry, long Sequence)? CreditOf(Guid id) => _credits.TryGetValue(id, out (Entry, long) credit) ? credit : null;

    public void OnCommitted(SealedBatch batch, SimulatedDatabase database)
    {
        Sequence++;
        CheckChain(batch);
        _batchDeltas.Clear();
        _touched.Clear();
        TakeClosings(batch);
        foreach (EncodedEntry encoded in batch.Entries)
        {
            if (encoded.Entry.Kind == EntryKind.SettlementConfirmed)
            {
                TakeSettlement(encoded.Entry);
            }
            else if (encoded.Entry.Kind == EntryKind.ToppedUp)
            {
                TakeTopUp(encoded.Entry);
            }
            else if (encoded.Entry.Kind != EntryKind.DayClosed)
            {
                Take(encoded.Entry);
            }
        }

        CheckDeltas(batch, database);
        CheckTotals();
        CheckCaps();
    }

    public void OnCap(RegionCode region, long? capFen)
    {
        if (!_regions.TryGetValue(region.Value, out ModelRegion? known))
        {
            _regions.Add(region.Value, known = new ModelRegion(region.Value, null));
        }

        (known.CapFen, known.CapDebtFen) = (capFen, Math.Max(0, -known.NetFen));
        if (known.CapDebtFen > capFen)
        {
            core.Coverage.Hit(CoveragePoint.CapSetBelowDebt);
        }
    }

    public void OnSlice(CoveragePoint what) => core.Coverage.Hit(what);

    public void OnFound(StoredHold hold, DateTimeOffset dueBy)
    {
        if (_transfers.TryGetValue(hold.Operation, out ModelTransfer? transfer))
        {
            transfer.FoundAs = transfer.Answer is { } answer
                ? answer.Kind == EntryKind.Receive ? CoveragePoint.ResumedAfterReceive : CoveragePoint.ResumedAfterDecline
                : hold.ExpiresAt <= dueBy ? CoveragePoint.ResumedDue : CoveragePoint.ResumedWithoutAnswer;
        }
        else
        {
            core.Coverage.Hit(hold.Leg == Leg.Place ? CoveragePoint.ResumedEndOfRelations
                : _refunds.ContainsKey(hold.Operation) ? CoveragePoint.ResumedRefund
                : CoveragePoint.ResumedPayment);
        }
    }

    public void OnSnapshot(AccountSnapshot snapshot)
    {
        PersonSnapshot? written = PersonSnapshot.Decode(snapshot.State);
        ModelAccount account = AccountOf(snapshot.Account);
        if (written is null || snapshot.Version != written.Version || snapshot.Version >= account.Versions.Count)
        {
            core.Fail("snapshots", $"snapshot {snapshot.Account}/{snapshot.Version} is ahead of the ledger ({account.Current.Version}) or unreadable.", default, snapshot.Account);
            return;
        }

        ModelVersion then = account.Versions[(int)snapshot.Version];
        if (written.Balances != new Amounts(then.PersonalFen, then.WalletFen, then.HeldFen, then.QuotaFen) || written.OpenHolds.Count != then.OpenHolds
            || (written.TransferDay != 0 && written.TransferCount != then.TransfersThatDay))
        {
            core.Fail("snapshots", $"snapshot {snapshot.Account}/{snapshot.Version} says {written.Balances}, the entries say {then}.", default, snapshot.Account);
        }
    }

    public void OnDocument(string name, string key, byte[] payload)
    {
        if (name != "rules")
        {
            return;
        }

        int code = int.Parse(key.AsSpan(key.IndexOf('/', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);
        RegionRecord record = JsonSerializer.Deserialize<RegionRecord>(payload)!;
        if (!_regions.TryGetValue(code, out ModelRegion? region))
        {
            _regions.Add(code, region = new ModelRegion(code, null));
        }

        if (region.Rules.Count == 0)
        {
            core.Coverage.Hit(CoveragePoint.RegionAdded);
        }

        CheckTopUps(RegionCode.FromValue(code).ToString(), record, region.Rules.Count == 0 ? null : region.Rules[^1].Record);
        region.Rules.Add(new ModelRules(record.Name, record.Rules));
        core.Coverage.Hit(CoveragePoint.RulesChanged);
        core.Trace.Add("rules", key, default, region.Rules.Count);
    }

    /// <summary>Invariant 7.</summary>
    private void CheckChain(SealedBatch batch)
    {
        if (!_chains.TryGetValue(batch.Chain, out (long Sequence, byte[] Hash) head))
        {
            head = (0, HashChain.Genesis(batch.Chain));
        }

        byte[] hash = HashChain.Next(head.Hash, batch.Entries.Select(entry => (entry.Entry, entry.Detail)), batch.OpenDay);
        if (batch.Sequence != head.Sequence + 1 || !hash.AsSpan().SequenceEqual(batch.Hash))
        {
            core.Fail("hash-chain", $"chain {batch.Chain}: batch {batch.Sequence} does not follow batch {head.Sequence} with its hash.");
        }

        _chains[batch.Chain] = (batch.Sequence, batch.Hash);
    }

    /// <summary>Invariant 5: the deltas of the batch, and then the store's sums, agree with the entries.</summary>
    private void CheckDeltas(SealedBatch batch, SimulatedDatabase database)
    {
        foreach ((DeltaKey key, DeltaSum sum) in batch.Deltas)
        {
            CheckStaysClosed(key, sum, batch);
        }

        if (batch.Deltas.Count != _batchDeltas.Count)
        {
            core.Fail("region-deltas", $"chain {batch.Chain}, batch {batch.Sequence}: {batch.Deltas.Count} deltas, its entries give {_batchDeltas.Count}.");
        }

        foreach ((DeltaKey key, DeltaSum sum) in batch.Deltas)
        {
            if (!_batchDeltas.TryGetValue(key, out (long Count, long AmountFen) expected) || expected != (sum.Count, sum.AmountFen))
            {
                core.Fail("region-deltas", $"chain {batch.Chain}, batch {batch.Sequence}: {key} is {sum}, its entries give {expected}.");
            }

            (long count, long amountFen) = _deltas.GetValueOrDefault(key);
            (count, amountFen) = (count + sum.Count, amountFen + sum.AmountFen);
            _deltas[key] = (count, amountFen);
            CheckStored(key, database.Deltas.GetValueOrDefault(key));
            Post(key, sum.AmountFen);
        }
    }

    private void CheckStored(DeltaKey key, DeltaSum stored)
    {
        if ((stored.Count, stored.AmountFen) != _deltas[key])
        {
            core.Fail("region-deltas", $"{key}: the store says {stored}, the entries give {_deltas[key]}.");
        }
    }

    /// <summary>Checks every stored sum again at the end of a run.</summary>
    public void CheckAllDeltas(SimulatedDatabase database)
    {
        foreach (DeltaKey key in _deltas.Keys)
        {
            CheckStored(key, database.Deltas.GetValueOrDefault(key));
        }

        if (database.Deltas.Count != _deltas.Count)
        {
            core.Fail("region-deltas", $"the store has {database.Deltas.Count} sums, the entries give {_deltas.Count}.");
        }
    }

    private void Post(DeltaKey key, long amountFen)
    {
        if (key.Activity == Activity.Credit)
        {
            ModelRegion to = Touch(key.To.Value);
            to.FundFen += amountFen;
        }
        else if (key.Activity != Activity.WalletOpened)
        {
            ModelRegion to = Touch(key.To.Value);
            to.FundFen -= key.Activity is Activity.Transfer or Activity.Move or Activity.Settlement ? 0 : amountFen;
            if (key.From != key.To)
            {
                to.NetFen += amountFen;
                Touch(key.From.Value).NetFen -= amountFen;
            }
        }

        if (key.Activity == Activity.Settlement)
        {
            Touch(key.To.Value).FundFen -= amountFen;
            Touch(key.From.Value).FundFen += amountFen;
        }
    }

    /// <summary>After any batch, no region owes more than its cap, or more than it owed when the cap was set.</summary>
    private void CheckCaps()
    {
        foreach (ModelRegion region in _touched)
        {
            if (region.CapFen is not { } capFen)
            {
                continue;
            }

            if (-region.NetFen > Math.Max(capFen, region.CapDebtFen))
            {
                core.Fail("region-cap", $"region {region.Code} owes {-region.NetFen} fen net, its cap is {capFen} (it owed {region.CapDebtFen} when it was set).");
            }

            region.CapDebtFen = Math.Min(region.CapDebtFen, Math.Max(0, -region.NetFen));
            if (-region.NetFen == capFen && capFen > 0)
            {
                core.Coverage.Hit(CoveragePoint.CapUsedUp);
            }
        }
    }

    /// <summary>Invariant 1, and that each region's fund and position add up to its people's money.</summary>
    private void CheckTotals()
    {
        if (_pocketsFen - _inTransitFen != _outsideFen)
        {
            core.Fail("conservation", $"{_pocketsFen} fen in pockets less {_inTransitFen} in transit should be the {_outsideFen} that came from outside and were not paid out.");
        }

        foreach (ModelRegion region in _touched)
        {
            if (region.FundFen + region.NetFen != region.PeopleFen - region.InTransitFen)
            {
                core.Fail(
                    "region-deltas",
                    $"region {region.Code}: fund {region.FundFen} and net {region.NetFen}, but its people have {region.PeopleFen}, {region.InTransitFen} in transit.");
            }

            (_, long fundFen, long netFen) = region.Positions[^1];
            if ((fundFen, netFen) != (region.FundFen, region.NetFen))
            {
                region.Positions.Add((Sequence, region.FundFen, region.NetFen));
            }
        }
    }

    private ModelRegion Touch(int code)
    {
        if (!_regions.TryGetValue(code, out ModelRegion? region))
        {
            _regions.Add(code, region = new ModelRegion(code, null));
        }

        _touched.Add(region);
        return region;
    }

    private void AddDelta(DeltaKey key, long amountFen, long count = 1)
    {
        (long before, long sum) = _batchDeltas.GetValueOrDefault(key);
        _batchDeltas[key] = (before + count, sum + amountFen);
    }
}
