using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <inheritdoc cref="IClearingGrain"/>
internal sealed class ClearingGrain(
    IJournal journal, ILedgerStore store, LedgerClock clock, RegionRulesCache rules, RulesPropagation propagation, EscrowDesk escrow, ClearingOptions options)
    : Grain, IClearingGrain
{
    private readonly ClearingBook _book = new(journal, store);

    /// <summary>Top-ups are decided one after another, since each must know the cap that it raises.</summary>
    private readonly OneAtATime _topUps = new();

    public Task<Reply<ClearingDayView>> CloseAsync(DateOnly day) => GuardAsync(async () =>
    {
        Written written = await _book.WriteAsync(ClearingAccounts.Days, days => ClearingRules.Close(days, day, options.Basis, clock.Now));
        return written.Refusal is { } refusal ? Reply.Refused<ClearingDayView>(refusal) : await GuardAsync(() => ViewDayAsync(day), Refusals.Unknown);
    });

    public Task<Reply<ClearingDayView>> GetDayAsync(DateOnly day) => GuardAsync(() => ViewDayAsync(day));

    public Task<Reply<SettlementView>> SettleAsync(SettleDay command) => GuardAsync(async () =>
    {
        if (await ReplayAsync(command) is { } first)
        {
            return first;
        }

        SettlementOrder order = command.ToOrder();
        string account = ClearingAccounts.OfDay(order.Day);
        ClearingBasis? basis = ClearingRules.BasisOf(await _book.LoadAsync(ClearingAccounts.Days), order.Day);
        ClearingTable owed = await OwedAsync(order.Day, order.Day);
        Decision Decide(ClearingAccount settlements) => ClearingRules.Settle(settlements, basis, owed, order, clock.Now);
        if (Decide(await _book.LoadAsync(account)).Refusal is { } refusal)
        {
            return Reply.Refused<SettlementView>((refusal.Code == RefusalCode.ClearingClosed ? await FindUnknownAsync(order.From, order.To) : null) ?? refusal);
        }

        Written written = await PayUnderCapAsync(order, journal.ChainOf(account), () => _book.WriteAsync(account, Decide));
        return written.Entry is { } entry ? Reply.Of(ViewOf(entry))
            : written.Refusal is { } refused ? Reply.Refused<SettlementView>(refused)
            : await ReplayAsync(command) ?? Reply.Refused<SettlementView>(Refusals.Unavailable);
    });

    public Task<Reply<StatementView>> GetStatementAsync(string month) => GuardAsync(async () =>
        Reply.Of(await ViewStatementAsync(month, await _book.LoadAsync(ClearingAccounts.OfMonth(month)))));

    public Task<Reply<StatementView>> SignAsync(string month, int province) => GuardAsync(async () =>
    {
        string account = ClearingAccounts.OfMonth(month);
        (Statement figures, _) = await StatementAsync(month, new ClearingAccount(account));
        Written written = await _book.WriteAsync(account, signatures => ClearingRules.Sign(signatures, figures.With(signatures), province, clock.Now));
        return written.Refusal is { } refusal
            ? Reply.Refused<StatementView>(refusal)
            : await GuardAsync(async () => Reply.Of(await ViewStatementAsync(month, await _book.LoadAsync(account))), Refusals.Unknown);
    });

    public Task<Reply<PrepaymentsView>> ProposePrepaymentsAsync() => GuardAsync(async () =>
    {
        ClearingAccount days = await _book.LoadAsync(ClearingAccounts.Days);
        DateOnly openDay = ClearingRules.OpenDayOf(days);
        Dictionary<RegionCode, long> clearedFen = [];
        (string? first, string? last, int months) = (null, null, 0);
        if (openDay > ClearingDays.First)
        {
            // One month at a time: the figures of a whole year are many.
            DateOnly open = new(openDay.Year, openDay.Month, 1);
            for (int back = options.Procedure.AverageMonths; back > 0; back--)
            {
                DateOnly month = open.AddMonths(-back);
                bool isAny = await AddClearedAsync(days, month, clearedFen);
                if (isAny || months > 0)
                {
                    (first, last, months) = (first ?? Statement.MonthOf(month), Statement.MonthOf(month), months + 1);
                }
            }
        }

        List<PrepaymentView> regions = [];
        foreach ((RegionCode region, long fen) in clearedFen.OrderBy(region => region.Key.Value))
        {
            regions.Add(new PrepaymentView(region.ToString(), fen, options.Procedure.PrepaymentFen(fen, months), (await rules.GetAsync(region))?.NetDebitCapFen));
        }

        return Reply.Of(new PrepaymentsView(first, last, months, [.. regions]));
    });

    /// <summary>Adds what regions had to pay for the days of a month; false when there was nothing to pay.</summary>
    private async Task<bool> AddClearedAsync(ClearingAccount days, DateOnly month, Dictionary<RegionCode, long> clearedFen)
    {
        bool isAny = false;
        foreach ((DateOnly day, ClearingTable owed) in ClearingTable.ByDay(await store.ReadDeltasAsync(month, month.AddMonths(1).AddDays(-1), CancellationToken.None)))
        {
            foreach ((RegionCode region, long fen) in owed.DebtsFen(ClearingRules.BasisOf(days, day) ?? options.Basis))
            {
                clearedFen[region] = checked(clearedFen.GetValueOrDefault(region) + fen);
                isAny = true;
            }
        }

        return isAny;
    }

    public Task<Reply<TopUpView>> TopUpAsync(TopUpRegion command) => GuardAsync(async () =>
    {
        TopUpOrder order = new(command.Id, RegionCode.Parse(command.Region), command.AmountFen);
        Reply<TopUpView> done = await _topUps.RunAsync(Guid.Empty, _ => WriteTopUpAsync(order));
        if (done.IsRefused)
        {
            return done;
        }

        // The top-up is done now, though perhaps not yet in force: a repeat of the call comes here again. This call waits even if another one made the top-up
        // part of the rules, since that may have been only a moment ago.
        if (await ApplyAsync(GrainFactory.GetGrain<IPoolingRegionGrain>(command.Region)) is { } notYet)
        {
            return Reply.Refused<TopUpView>(notYet);
        }

        await propagation.WaitAsync();
        return done;
    });

    /// <summary>The top-up in the ledger, written by this call or by an earlier one.</summary>
    private async Task<Reply<TopUpView>> WriteTopUpAsync(TopUpOrder order)
    {
        Entry? known = await _book.FindAsync(order.Id);
        Entry? entry = known;
        if (entry is null)
        {
            // With every top-up that is in the ledger, since the rule must know the cap that it raises.
            Reply<RulesRecord> before = await GrainFactory.GetGrain<IPoolingRegionGrain>(order.Region.ToString()).ApplyTopUpsAsync();
            if (before.IsRefused)
            {
                return Reply.Refused<TopUpView>(before.Refusal);
            }

            Written written = await _book.WriteAsync(
                ClearingAccounts.OfPrepayment(order.Region), topUps => ClearingRules.TopUp(topUps, order, before.Value.NetDebitCapFen, clock.Now));
            if (written.Refusal is { } refusal)
            {
                return Reply.Refused<TopUpView>(refusal);
            }

            known = written.IsDuplicate ? await _book.FindAsync(order.Id) : null;
            entry = written.Entry ?? known;
        }

        return entry?.Detail is TopUpTerms terms && terms == new TopUpTerms(order.Region, order.AmountFen)
            ? Reply.Of(new TopUpView(order.Id, order.Region.ToString(), order.AmountFen, entry.At), isReplay: known is not null)
            : Reply.Refused<TopUpView>(Refusals.Mismatch(order.Id));
    }

    private static async Task<Refusal?> ApplyAsync(IPoolingRegionGrain region)
    {
        try
        {
            return (await region.ApplyTopUpsAsync()).Refusal;
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Refusals.Unknown;
        }
    }

    /// <summary>
    /// A region that is paid has less headroom afterwards: the claim that covered part of its own debts is gone. So being paid takes headroom
    /// like money that leaves. Usually the region was owed more than it owes, and that alone leaves room.
    /// </summary>
    private async Task<Written> PayUnderCapAsync(SettlementOrder order, int chain, Func<Task<Written>> writeAsync)
    {
        bool isCapped = Escrow.IsCapped(await rules.GetAsync(order.To), order.To, order.From);
        EscrowTake take = isCapped ? await escrow.TakeAsync(order.To, chain, order.AmountFen) : EscrowTake.NotNeeded;
        if (take == EscrowTake.Refused)
        {
            return Written.Refused(NotCovered(order));
        }

        AppendOutcome? outcome = AppendOutcome.Unknown;
        try
        {
            Written written = await writeAsync();
            outcome = written.Entry is not null ? AppendOutcome.Durable : written.Refusal?.Code switch
            {
                RefusalCode.OutcomeUnknown => AppendOutcome.Unknown,
                RefusalCode.RegionCapReached => AppendOutcome.OverCap,
                _ => null,
            };
            return outcome == AppendOutcome.OverCap ? Written.Refused(NotCovered(order)) : written;
        }
        finally
        {
            if (take == EscrowTake.Taken)
            {
                escrow.End(order.To, chain, order.AmountFen, outcome);
            }
        }
    }

    private static Refusal NotCovered(SettlementOrder order) => new(
        RefusalCode.RegionCapReached,
        $"What {order.To} owes others is covered by what it is owed; without this claim its prepayment does not cover it. Settle what it owes first, or top up.");

    /// <summary>When nothing is owed between two regions, the refusal that one of them does not exist, if so: that says more.</summary>
    private async Task<Refusal?> FindUnknownAsync(params RegionCode[] regions)
    {
        foreach (RegionCode region in regions)
        {
            if (await rules.GetAsync(region) is null)
            {
                return new Refusal(RefusalCode.NoSuchRegion, $"There is no region {region}.");
            }
        }

        return null;
    }

    /// <summary>The first answer again when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<SettlementView>?> ReplayAsync(SettleDay command)
    {
        SettlementOrder order = command.ToOrder();
        return await _book.FindAsync(command.Id) is not { } first ? null
            : first.Detail is SettlementTerms terms && terms == new SettlementTerms(order.Day, order.From, order.To, order.AmountFen)
            ? Reply.Of(ViewOf(first), isReplay: true)
            : Reply.Refused<SettlementView>(Refusals.Mismatch(command.Id));
    }

    private async Task<Reply<ClearingDayView>> ViewDayAsync(DateOnly day)
    {
        // Read first whether the day is closed and then its figures: those of a closed day are final.
        ClearingBasis? closedWith = ClearingRules.BasisOf(await _book.LoadAsync(ClearingAccounts.Days), day);
        ClearingTable owed = await OwedAsync(day, day);
        ClearingAccount settlements = await _book.LoadAsync(ClearingAccounts.OfDay(day));
        ClearingBasis basis = closedWith ?? options.Basis;
        return Reply.Of(new ClearingDayView
        {
            Day = day,
            IsClosed = closedWith is not null,
            Basis = basis,
            Pairs =
            [
                .. owed.Pairs.Select(pair => new ClearingPairView(
                    pair.From.ToString(), pair.To.ToString(), Tiers.Between(pair.From, pair.To), pair.Sum.Count, pair.Sum.AmountFen)),
            ],
            National = LevelView.Of(owed.National),
            Provincial = LevelView.Of(owed.Provincial),
            Settlements = [.. settlements.Entries.Where(entry => entry.Detail is SettlementTerms).Select(ViewOf)],
            Outstanding =
            [
                .. owed.Pairs.Select(pair => new OutstandingView(
                        pair.From.ToString(), pair.To.ToString(), ClearingRules.OutstandingFen(settlements, owed, basis, pair.From, pair.To)))
                    .Where(left => left.AmountFen > 0),
            ],
        });
    }

    private async Task<StatementView> ViewStatementAsync(string month, ClearingAccount signatures)
    {
        (Statement statement, IReadOnlyDictionary<DateOnly, ClearingTable> owed) = await StatementAsync(month, signatures);
        ClearingAccount days = await _book.LoadAsync(ClearingAccounts.Days);
        long outstandingFen = 0;
        foreach ((DateOnly day, ClearingTable table) in owed)
        {
            PairFigure[] national = [.. table.Pairs.Where(pair => pair.From.Province != pair.To.Province)];
            if (national.Length > 0)
            {
                ClearingBasis basis = ClearingRules.BasisOf(days, day) ?? options.Basis;
                ClearingAccount settlements = await _book.LoadAsync(ClearingAccounts.OfDay(day));
                outstandingFen = national.Aggregate(outstandingFen, (sum, pair) => checked(sum + ClearingRules.OutstandingFen(settlements, table, basis, pair.From, pair.To)));
            }
        }

        return StatementView.Of(statement) with
        {
            OutstandingFen = outstandingFen,
            Deadlines =
            [
                .. options.Procedure.DeadlinesOf(statement, outstandingFen, BusinessTime.DayOf(clock.Now))
                    .Select(due => new DeadlineView(due.Step, due.By, due.IsDone, due.IsOverdue)),
            ],
        };
    }

    /// <summary>A month's statement, and the figures of each of its closed days.</summary>
    private async Task<(Statement Statement, IReadOnlyDictionary<DateOnly, ClearingTable> ByDay)> StatementAsync(string month, ClearingAccount signatures)
    {
        ClearingAccount days = await _book.LoadAsync(ClearingAccounts.Days);
        DateOnly openDay = ClearingRules.OpenDayOf(days);
        (DateOnly first, DateOnly last) = (Statement.FirstDayOf(month), Statement.LastDayOf(month));
        ClearingBasis basis = ClearingRules.BasisOf(days, last) ?? options.Basis;
        IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>> deltas = openDay <= first
            ? []
            : await store.ReadDeltasAsync(first, last < openDay ? last : openDay.AddDays(-1), CancellationToken.None);
        IReadOnlyDictionary<DateOnly, ClearingTable> byDay = ClearingTable.ByDay(deltas);
        return (new Statement(month, byDay.Select(day => (day.Value, ClearingRules.BasisOf(days, day.Key) ?? options.Basis)), openDay, basis, signatures), byDay);
    }

    private async Task<ClearingTable> OwedAsync(DateOnly first, DateOnly last) =>
        ClearingTable.Of(await store.ReadDeltasAsync(first, last, CancellationToken.None));

    private static SettlementView ViewOf(Entry entry)
    {
        SettlementTerms terms = (SettlementTerms)entry.Detail!;
        return new SettlementView(entry.Operation, terms.Day, terms.From.ToString(), terms.To.ToString(), terms.AmountFen, entry.At);
    }

    /// <param name="work">Reads from the store.</param>
    /// <param name="otherwise">The answer when it cannot be read. Null: nothing was decided.</param>
    private static async Task<Reply<T>> GuardAsync<T>(Func<Task<Reply<T>>> work, Refusal? otherwise = null)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<T>(otherwise ?? Refusals.Unavailable);
        }
    }
}
