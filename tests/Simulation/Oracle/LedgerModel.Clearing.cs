using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Closed days: once a closing is durable, the figures of its day never change.</summary>
internal sealed partial class LedgerModel
{
    private readonly List<(DateOnly Day, long Sequence)> _closed = [];
    private readonly Dictionary<Guid, (Entry Entry, long Sequence)> _settlements = [];
    private readonly Dictionary<(DateOnly Day, int From, int To), long> _settledFen = [];
    private readonly Dictionary<string, long> _clearingVersions = [];
    private readonly Dictionary<Guid, (Entry Entry, long Sequence)> _topUps = [];
    private readonly Dictionary<string, long> _topUpsInForce = [];

    /// <summary>The first day that is not closed; the model derives it from the closings alone.</summary>
    public DateOnly OpenDay => _closed is [.., (DateOnly day, _)] ? day.AddDays(1) : DateOnly.MinValue;

    /// <summary>The closed days, with the commit that closed each.</summary>
    public IReadOnlyList<(DateOnly Day, long Sequence)> Closed => _closed;

    /// <summary>What the people of each region moved to other regions on a clearing day, according to the entries.</summary>
    public IReadOnlyDictionary<(int From, int To), (long Count, long AmountFen)> PairsOf(DateOnly day)
    {
        Dictionary<(int, int), (long Count, long AmountFen)> pairs = [];
        foreach ((DeltaKey key, (long count, long amountFen)) in _deltas.Where(delta => delta.Key.Day == day && delta.Key.From != delta.Key.To))
        {
            if (key.Activity is not (Activity.Credit or Activity.WalletOpened or Activity.Settlement))
            {
                (long before, long beforeFen) = pairs.GetValueOrDefault((key.From.Value, key.To.Value));
                pairs[(key.From.Value, key.To.Value)] = (before + count, beforeFen + amountFen);
            }
        }

        // A negative amount, such as of refunds, is owed in the opposite direction.
        foreach (((int from, int to), (long count, long amountFen)) in pairs.Where(pair => pair.Value.AmountFen < 0).ToArray())
        {
            (long other, long otherFen) = pairs.GetValueOrDefault((to, from));
            (pairs[(from, to)], pairs[(to, from)]) = ((count, pairs[(from, to)].AmountFen - amountFen), (other, otherFen - amountFen));
        }

        // Pairs that owe nothing are not in the matrix.
        foreach ((int, int) pair in pairs.Where(pair => pair.Value.AmountFen == 0).Select(pair => pair.Key).ToArray())
        {
            pairs.Remove(pair);
        }

        return pairs;
    }

    /// <summary>All settlements that were requested, by id.</summary>
    public Dictionary<Guid, SettleDay> SettlementsAsked { get; } = [];

    public (Entry Entry, long Sequence)? SettlementOf(Guid id) => _settlements.TryGetValue(id, out (Entry, long) settlement) ? settlement : null;

    /// <summary>What a region still has to pay another for a day on the gross basis.</summary>
    public long OutstandingFen(DateOnly day, int from, int to) =>
        PairsOf(day).GetValueOrDefault((from, to)).AmountFen - _settledFen.GetValueOrDefault((day, from, to));

    /// <summary>All top-ups that were requested, by id.</summary>
    public Dictionary<Guid, List<TopUpRegion>> TopUpsAsked { get; } = [];

    public (Entry Entry, long Sequence)? TopUpOf(Guid id) => _topUps.TryGetValue(id, out (Entry, long) topUp) ? topUp : null;

    /// <summary>The version of the last top-up that is included in a region's cap.</summary>
    public long TopUpsInForce(string region) => _topUpsInForce.GetValueOrDefault(region);

    private void TakeTopUp(Entry entry)
    {
        TopUpTerms terms = (TopUpTerms)entry.Detail!;
        TakeClearingEntry(entry, "top-up", terms.AmountFen);
        if (!_topUps.TryAdd(entry.Operation, (entry, Sequence)) || _settlements.ContainsKey(entry.Operation) || IsDone(entry.Operation))
        {
            Fail("operation-once", entry, "the operation was done before.");
        }

        TopUpRegion asked = new(entry.Operation, terms.Region.ToString(), terms.AmountFen);
        if (!TopUpsAsked.GetValueOrDefault(entry.Operation, []).Contains(asked) || entry.Account != ClearingAccounts.OfPrepayment(terms.Region))
        {
            Fail("done-as-asked", entry, $"nobody asked for {asked}.");
        }

        core.Coverage.Hit(CoveragePoint.ToppedUp);
    }

    /// <summary>When rules include more top-ups than before, their cap is higher by exactly those. None is ever forgotten, and none counts twice.</summary>
    private void CheckTopUps(string region, RegionRecord record, RulesRecord? before)
    {
        long inForce = TopUpsInForce(region);
        long raisedFen = 0;
        foreach ((Entry entry, _) in _topUps.Values)
        {
            raisedFen += ((TopUpTerms)entry.Detail!).Region.ToString() == region && entry.Version > inForce && entry.Version <= record.TopUps
                ? ((TopUpTerms)entry.Detail!).AmountFen
                : 0;
        }

        if (record.TopUps < inForce || record.TopUps > _clearingVersions.GetValueOrDefault(ClearingAccounts.OfPrepayment(RegionCode.Parse(region)))
            || (record.TopUps > inForce && record.Rules != before! with { NetDebitCapFen = before!.NetDebitCapFen + raisedFen }))
        {
            core.Fail("clearing", $"region {region}: its rules have {record.TopUps} top-ups after {inForce}, of {raisedFen} fen; the cap goes from {before?.NetDebitCapFen} to {record.Rules.NetDebitCapFen}.");
        }

        if (record.TopUps > inForce)
        {
            _topUpsInForce[region] = record.TopUps;
            core.Coverage.Hit(CoveragePoint.TopUpInForce);
        }
    }

    private void TakeClearingEntry(Entry entry, string what, long amountFen)
    {
        Entries++;
        Movements++;
        core.Trace.Add(what, entry.Account, entry.Operation, entry.Version, amountFen);
        long version = _clearingVersions[entry.Account] = _clearingVersions.GetValueOrDefault(entry.Account) + 1;
        if (entry.Version != version || entry.Amounts != Amounts.Zero || entry.Balances != Amounts.Zero || entry.Leg != Leg.Opening)
        {
            Fail("account-continuity", entry, $"version {version} without money was expected.");
        }
    }

    private void TakeSettlement(Entry entry)
    {
        SettlementTerms terms = (SettlementTerms)entry.Detail!;
        TakeClearingEntry(entry, "settlement", terms.AmountFen);
        if (!_settlements.TryAdd(entry.Operation, (entry, Sequence)) || _topUps.ContainsKey(entry.Operation) || IsDone(entry.Operation))
        {
            Fail("operation-once", entry, "the operation was done before.");
        }

        SettleDay asked = new(entry.Operation, terms.Day, terms.From.ToString(), terms.To.ToString(), terms.AmountFen);
        if (!SettlementsAsked.TryGetValue(entry.Operation, out SettleDay? known) || known != asked)
        {
            Fail("done-as-asked", entry, $"nobody asked for {asked}.");
        }

        if (terms.Day >= OpenDay || terms.AmountFen > OutstandingFen(terms.Day, terms.From.Value, terms.To.Value))
        {
            Fail("clearing", entry, $"{terms} is more than the {OutstandingFen(terms.Day, terms.From.Value, terms.To.Value)} fen outstanding, or the day is open.");
        }

        (DateOnly, int, int) pair = (terms.Day, terms.From.Value, terms.To.Value);
        _settledFen[pair] = _settledFen.GetValueOrDefault(pair) + terms.AmountFen;
        core.Coverage.Hit(CoveragePoint.Settled);
        AddDelta(DeltaOf(Activity.Settlement, entry, terms.To, terms.From), terms.AmountFen);
    }

    /// <summary>Closings in a batch take effect first: the other entries of the batch count after them.</summary>
    private void TakeClosings(SealedBatch batch)
    {
        foreach (Entry entry in batch.Entries.Select(encoded => encoded.Entry).Where(entry => entry.Kind == EntryKind.DayClosed))
        {
            Entries++;
            core.Trace.Add("day-closed", entry.Account, entry.Operation, entry.Version);
            DateOnly day = ((DayClosing)entry.Detail!).Day;
            if (entry.Version != _closed.Count + 1 || day < OpenDay || day > DateOf(LatestMs))
            {
                Fail("closed-day", entry, $"{day:yyyy-MM-dd} is closed after {OpenDay.AddDays(-1):yyyy-MM-dd}, as number {_closed.Count + 1}, by {DateOf(LatestMs):yyyy-MM-dd}.");
            }

            _closed.Add((day, Sequence));
            core.Coverage.Hit(CoveragePoint.DayClosed);
        }
    }

    private void CheckStaysClosed(DeltaKey key, DeltaSum sum, SealedBatch batch)
    {
        if (key.Day < OpenDay)
        {
            core.Fail("closed-day", $"chain {batch.Chain}, batch {batch.Sequence}: {key} grows by {sum}, but days before {OpenDay:yyyy-MM-dd} are closed.");
        }
    }

    /// <summary>The day that an entry counts on: its own, or the open day when that is later.</summary>
    private DateOnly ClearingDayOf(Entry entry)
    {
        DateOnly day = DateOf(entry.At.ToUnixTimeMilliseconds());
        if (day >= OpenDay)
        {
            return day;
        }

        core.Coverage.Hit(CoveragePoint.CountedOnLaterDay);
        return OpenDay;
    }
}
