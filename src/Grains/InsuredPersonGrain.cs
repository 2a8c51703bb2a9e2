using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="IInsuredPersonGrain"/>
/// <remarks>
/// Reentrant across the wait for durability: many commands of one account may be in flight, each decided on the state that the ones before
/// it will make. If one of them fails, all after it fail too (the writer is poisoned), the state is loaded again and they are decided again.
/// <para>
/// Thread-safe, unlike most grains: inside a silo it is also called on the turns of other grains (<see cref="LocalPersons"/>). Its only fields are the account,
/// which has a lock, and the guard that keeps repeated credits apart; everything else is a service.
/// </para>
/// </remarks>
[Reentrant]
internal sealed partial class InsuredPersonGrain(
    IJournal journal,
    ILedgerStore store,
    LedgerClock clock,
    RegionRulesCache rules,
    LocalPersons persons,
    EscrowDesk escrow,
    ILogger<InsuredPersonGrain> logger)
    : Grain, IInsuredPersonGrain, IAccountGrain
{
    private OneAtATime? _credits;
    private AccountActivation? _account;

    private AccountActivation Account => _account ?? Enter();

    /// <summary>Shows this person on the silo, from the first turn that needs the account.</summary>
    private AccountActivation Enter()
    {
        LocalPerson here = new(this);

        // The account is set first: a person who is shown may be called at once, and must then have the account already.
        AccountActivation account = _account = new AccountActivation(Self, this, journal, store, clock, persons, here, logger);
        persons.Enter(Self, here);
        return account;
    }

    // Not DeactivateOnIdle, which may only be called on the grain's own turns.
    void IAccountGrain.Leave() => GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "Its account is to be loaded anew."));

    public async Task<Reply<PersonView>> RegisterAsync(RegisterPerson command)
    {
        RegionCode region = RegionCode.Parse(command.Region);
        if (await RefuseUnknownAsync(region) is { } refusal)
        {
            return Reply.Refused<PersonView>(refusal);
        }

        Registration asked = new(region, command.Insurance, command.Status, command.FromRegion is { } from ? RegionCode.Parse(from) : null);
        Task<Reply<PersonView>> RegisterAsync() => ViewAfterAsync((state, now) => PersonRules.Register(state, asked, now));
        try
        {
            return await MoveUnderCapAsync(region, RegisterAsync) ?? await RegisterAsync();
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<PersonView>(Refusals.Unavailable);
        }
    }

    /// <summary>Moves the person out of a region with a cap, which will owe their balances to the new region. Null when this is not a move out of such a region.</summary>
    private async Task<Reply<PersonView>?> MoveUnderCapAsync(RegionCode region, Func<Task<Reply<PersonView>>> move)
    {
        Reply<StandingView> self = await Account.ReadStandingAsync();
        if (self.IsRefused || RegionCode.Parse(self.Value.Region) is var from && !Escrow.IsCapped(await rules.GetAsync(from), from, region))
        {
            return null;
        }

        Reply<PersonView> before = await GetAsync();
        if (before.IsRefused)
        {
            return before;
        }

        if (before.Value.Region != self.Value.Region)
        {
            // The view is proven to be the latest; the standing that was read before it was not.
            return await MoveUnderCapAsync(region, move);
        }

        long fen = new Amounts(before.Value.PersonalFen, before.Value.WalletFen, before.Value.HeldFen, before.Value.QuotaFen).TotalFen;
        int chain = journal.ChainOf(Self);
        EscrowTake take = fen == 0 ? EscrowTake.NotNeeded : await escrow.TakeAsync(from, chain, fen);
        if (take == EscrowTake.Refused)
        {
            return Reply.Refused<PersonView>(Refusals.OverCap(from));
        }

        AppendOutcome? outcome = AppendOutcome.Unknown;
        try
        {
            Reply<PersonView> after = await move();
            outcome = after.IsRefused ? OutcomeOf(after.Code.Value) : AppendOutcome.Durable;
            return after;
        }
        finally
        {
            if (take == EscrowTake.Taken)
            {
                escrow.End(from, chain, fen, outcome);
            }
        }
    }

    public async Task<Reply<PersonView>> OpenWalletAsync(OpenWallet command)
    {
        RegionCode place = RegionCode.Parse(command.UsePlace);
        if (await RefuseUnknownAsync(place) is { } refusal)
        {
            return Reply.Refused<PersonView>(refusal);
        }

        // A person who names themselves is checked by the rule of their own account.
        if (command.OpenedBy is { } relative && relative != Self
            && await CallFailures.AnswerAsync(() => persons.GetStandingAsync(relative).AsTask(), Refusals.Unavailable) is { IsRefused: true } unknown)
        {
            return Reply.Refused<PersonView>(unknown.Refusal);
        }

        WalletTerms asked = new(place, command.AutoAccept, command.OpenedBy);
        return await ViewAfterAsync((state, now) => PersonRules.OpenWallet(state, asked, now));
    }

    public Task<Reply<PersonView>> CloseWalletAsync() => ViewAfterAsync(static (state, now) => PersonRules.CloseWallet(state, now));

    public async Task<Reply<CreditView>> CreditAsync(CreditPerson command)
    {
        OneAtATime credits = LazyInitializer.EnsureInitialized(ref _credits, static () => new OneAtATime());
        bool isRepeated = await credits.EnterAsync(command.Id);
        try
        {
            return (isRepeated ? await ReplayAsync(command) : null) ?? await CreditByRulesAsync(command);
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<CreditView>(Refusals.Unavailable);
        }
        finally
        {
            credits.Leave(command.Id);
        }
    }

    private async Task<Reply<CreditView>> CreditByRulesAsync(CreditPerson command)
    {
        Reply<Credited> corrected = await FindCorrectedAsync(command);
        if (corrected.IsRefused)
        {
            return await ReplayAsync(command) ?? Reply.Refused<CreditView>(corrected.Refusal);
        }

        CreditOrder order = new(command.Id, command.AmountFen, command.Period);
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            Written written = await Account.WriteAsync((state, now) => command.Corrects is { } credit
                ? PersonRules.CorrectCredit(state, new CorrectionOrder(command.Id, command.AmountFen, command.Period, credit), corrected.Value.Fen, now)
                : PersonRules.Credit(state, order, now));
            if (written.Entry is { } entry)
            {
                return Reply.Of(ViewOf(command, entry));
            }

            // A repeated command must get its first answer, whatever the rules would say today. So the ledger is asked before any refusal is given.
            Reply<CreditView>? replay = Refusals.IsUndecided(written.Refusal?.Code) ? null : await ReplayAsync(command);
            if (replay is { } first)
            {
                return first;
            }

            if (written.Refusal is { } refusal)
            {
                return Reply.Refused<CreditView>(refusal);
            }
        }

        return Reply.Refused<CreditView>(Refusals.Unavailable);
    }

    /// <summary>The first answer again when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<CreditView>?> ReplayAsync(CreditPerson command)
    {
        return (await store.ReadOperationAsync(command.Id, CancellationToken.None)).OfCommand().FirstOrDefault() is not { } first ? null
            : first.Account == Self && first.Amounts.PersonalFen == command.AmountFen && IsSame(first.Detail, command)
            ? Reply.Of(ViewOf(command, first), isReplay: true)
            : Reply.Refused<CreditView>(Refusals.Mismatch(command.Id));
    }

    private static bool IsSame(EntryDetail? detail, CreditPerson command) => detail switch
    {
        CreditTerms terms => command.Corrects is null && terms.Period == command.Period,
        CorrectionTerms terms => command.Corrects == terms.Credit && terms.Period == command.Period,
        _ => false,
    };

    /// <summary>The amount of the credit that is to be corrected.</summary>
    private async ValueTask<Reply<Credited>> FindCorrectedAsync(CreditPerson command)
    {
        if (command.Corrects is not { } credit)
        {
            return Reply.Of(Credited.Nothing);
        }

        return (await store.ReadOperationAsync(credit, CancellationToken.None)).OfCommand().FirstOrDefault() is { Detail: CreditTerms terms } first && first.Account == Self && terms.Period == command.Period
            ? Reply.Of(new Credited(first.Amounts.PersonalFen))
            : Reply.Refused<Credited>(RefusalCode.WrongState, $"{credit} is no credit of this person for {command.Period}.");
    }

    public Task<Reply<PersonView>> GetAsync() => ViewAfterAsync(static (state, _) => PersonRules.Look(state));

    public Task<Reply<StandingView>> GetStandingAsync() => Account.ReadStandingAsync().AsTask();

    /// <summary>The outcome of the entry that a refusal code implies; null when no entry was queued.</summary>
    private static AppendOutcome? OutcomeOf(RefusalCode code) => code switch
    {
        RefusalCode.OutcomeUnknown => AppendOutcome.Unknown,
        RefusalCode.RegionCapReached => AppendOutcome.OverCap,
        _ => null,
    };

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _account?.CloseAsync() ?? Task.CompletedTask;

    private sealed record Credited(long Fen)
    {
        public static Credited Nothing { get; } = new(0);
    }

    private async Task<Refusal?> RefuseUnknownAsync(RegionCode region)
    {
        try
        {
            return await rules.GetAsync(region) is null ? new Refusal(RefusalCode.NoSuchRegion, $"There is no region {region}.") : null;
        }
        catch (StoreUnavailableException)
        {
            return Refusals.Unavailable;
        }
    }

    private async Task<Reply<PersonView>> ViewAfterAsync(Func<PersonState, DateTimeOffset, Decision> decide)
    {
        PersonView? view = null;
        Written written = await Account.WriteAsync(decide, state => view = ViewOf(state));
        return written.Refusal is { } refusal ? Reply.Refused<PersonView>(refusal)
            : view is { } shown && !written.IsDuplicate ? Reply.Of(shown)
            : Reply.Refused<PersonView>(Refusals.Unavailable);
    }

    private PersonView ViewOf(PersonState state) => new()
    {
        Person = state.Person,
        Region = state.Region.ToString(),
        Insurance = state.Insurance,
        Status = state.Status,
        WalletOpen = state.Wallet is not null,
        UsePlace = state.Wallet?.UsePlace.ToString(),
        AutoAccept = state.Wallet?.AutoAccept ?? false,
        PersonalFen = state.Balances.PersonalFen,
        WalletFen = state.Balances.WalletFen,
        HeldFen = state.Balances.HeldFen,
        QuotaFen = state.Balances.QuotaFen,
        TransfersToday = state.TransfersOn(BusinessTime.DayOf(state.TimeFor(clock.Now))),
        Version = state.Version,
        LeavingIn = state.LeavingIn,
    };

    private CreditView ViewOf(CreditPerson command, Entry entry) => new(command.Id, Self, command.AmountFen, command.Period, entry.At);

    private static LegReply Refused(Refusal refusal) => new() { Status = LegStatus.Refused, Code = refusal.Code, Detail = refusal.Detail };

    private static LegReply ReplyOf(Written written) => written switch
    {
        { Entry: { } entry } => new LegReply { Status = LegStatus.Done, At = entry.At, Ticket = written.Ticket is { } ticket ? new LegTicket(ticket) : null },
        { Refusal: { } refusal } => Refused(refusal),
        _ => new LegReply { Status = LegStatus.AlreadyThere },
    };
}
