using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gongji.Ledger;

/// <summary>
/// The rules of an insured person's account. Each method decides one command against a state and returns the entry to append, a refusal,
/// or nothing to do; none changes the state. Text in quotation marks is the source of a rule: a translation from the published rules of the
/// wallet and of mutual aid.
/// </summary>
public static partial class PersonRules
{
    /// <summary>
    /// Makes a person known, changes how they are insured, or moves them to another region. A move takes the balances along through
    /// clearing; open holds must end first, and relations end ("Changing region moves the person's account"; "dissolved automatically when the
    /// insurance relation of one of them changes").
    /// </summary>
    /// <remarks>
    /// "Insured in exactly one region at a time": a caller who says in <see cref="Registration.From"/> where they believe the person to be is refused when
    /// the person is insured in a third region. A person whose insurance has stopped is insured nowhere, so any region may take them over.
    /// </remarks>
    public static Decision Register(PersonState state, Registration asked, DateTimeOffset now)
    {
        if (!state.IsRegistered && asked.From is { } left && left != asked.Region)
        {
            return NoSuchPerson(state);
        }

        if (!state.IsRegistered)
        {
            return Decision.Append(Next(state, EntryKind.Registered, now, asked with { From = null }));
        }

        bool moves = asked.Region != state.Region;
        if (moves && state.Status == InsuranceStatus.Active && asked.From is { } from && from != state.Region)
        {
            return Decision.Refused(
                RefusalCode.AlreadyInsuredElsewhere,
                from == asked.Region ? $"The person is insured in {state.Region}, not yet in {from}." : $"The person is insured in {state.Region}, not in {from}: they cannot move from there.");
        }

        if (moves && state.OpenHolds.Count > 0)
        {
            return Decision.Refused(RefusalCode.WrongState, $"{Open(state)} still held; the person can move when none is, by 06:00 at the latest.");
        }

        if (!moves && asked.Insurance == state.Insurance && asked.Status == state.Status)
        {
            return Decision.Nothing;
        }

        return moves || asked.Status != InsuranceStatus.Active
            ? EndRelations(state, moves ? EntryKind.Moved : EntryKind.InsuranceChanged, asked with { From = moves ? state.Region : null }, now)
            : Decision.Append(Next(state, EntryKind.InsuranceChanged, now, asked with { From = null }));
    }

    /// <summary>Changes nothing; refused when the person does not exist.</summary>
    public static Decision Look(PersonState state) => state.IsRegistered ? Decision.Nothing : NoSuchPerson(state);

    /// <summary>Opens the wallet, or changes its place of use or automatic acceptance ("opened by the person, or for them by a relative").</summary>
    /// <remarks>
    /// The relative must be another person. That the relative is known has been checked by the caller. No relation is required: relations are for aid, and a wallet is
    /// what a person receives aid with.
    /// </remarks>
    public static Decision OpenWallet(PersonState state, WalletTerms asked, DateTimeOffset now)
    {
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (state.Status != InsuranceStatus.Active)
        {
            return Decision.Refused(RefusalCode.NotInsured, "A wallet is opened by an insured person; this insurance is stopped.");
        }

        if (asked.OpenedBy == state.Person)
        {
            return Decision.Refused(RefusalCode.SamePerson, "Whoever opens a wallet for a person is a relative, not the person.");
        }

        if (state.Wallet is null)
        {
            return Decision.Append(Next(state, EntryKind.WalletOpened, now, asked));
        }

        // Who opened the wallet is history: repeating the command without naming them is not a change.
        WalletTerms wanted = asked with { OpenedBy = state.Wallet.OpenedBy };
        return wanted == state.Wallet ? Decision.Nothing : Decision.Append(Next(state, EntryKind.WalletChanged, now, wanted));
    }

    /// <summary>Closes the wallet. It must be empty, and no open hold may still return money to it.</summary>
    public static Decision CloseWallet(PersonState state, DateTimeOffset now)
    {
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (state.Wallet is null)
        {
            return Decision.Nothing;
        }

        if (state.Balances.WalletFen > 0)
        {
            return Decision.Refused(RefusalCode.WrongState, Text($"There are {state.Balances.WalletFen} fen in the wallet; it is closed when it is empty."));
        }

        return state.OpenHolds.Count > 0
            ? Decision.Refused(RefusalCode.WrongState, $"{Open(state)} still held; the wallet can be closed when none is, by 06:00 at the latest.")
            : Decision.Append(Next(state, EntryKind.WalletClosed, now, null));
    }

    /// <summary>Adds a monthly credit ("personal account: employees only; credited monthly").</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive: the code that read the order should have refused it.</exception>
    public static Decision Credit(PersonState state, CreditOrder order, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.AmountFen);
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (state.Insurance != Insurance.Employee || state.Status != InsuranceStatus.Active)
        {
            return Decision.Refused(RefusalCode.NotInsured, "Credits go to the personal account of an insured employee.");
        }

        return Grow(state, order.Id, Leg.Opening, EntryKind.Credit, new Amounts(order.AmountFen, 0, 0, 0), now, new CreditTerms(state.Region, order.Period));
    }

    /// <summary>
    /// Corrects a credit by the difference ("correction entries instead of changes"). A credit cannot become negative, and money already spent
    /// cannot be taken back.
    /// </summary>
    /// <param name="state">The account.</param>
    /// <param name="order">The correction.</param>
    /// <param name="creditedFen">The credit's original amount, as its entry has it, in fen.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difference is 0: the code that read the order should have refused it.</exception>
    public static Decision CorrectCredit(PersonState state, CorrectionOrder order, long creditedFen, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(order.AmountFen);
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        long nowFen = creditedFen - state.ReversedFen(order.Credit, 0);
        if (order.AmountFen < -nowFen)
        {
            return Decision.Refused(RefusalCode.AmountOverLimit, Text($"The credit is {nowFen} fen now; {-order.AmountFen} fen less would be below 0."));
        }

        return order.AmountFen < -state.Balances.PersonalFen
            ? Decision.Refused(RefusalCode.InsufficientFunds, Text($"{-order.AmountFen} fen are to be taken back, but {state.Balances.PersonalFen} fen are available in the personal account."))
            : Grow(
                state, order.Id, Leg.Opening, EntryKind.CreditCorrected, new Amounts(order.AmountFen, 0, 0, 0), now, new CorrectionTerms(state.Region, order.Period, order.Credit));
    }

    /// <summary>
    /// Sets the giver's money aside for a transfer (user guides 2025, "Wallet transfers"): at most N a day of at most M fen, not in the
    /// closed hours, both wallets open, both regions live for the tier, the kinship allowed by both, and no transfer waiting for the same
    /// recipient. A transfer counts on the day it is held, whatever becomes of it (assumed).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive: the code that read the order should have refused it.</exception>
    public static Decision Hold(
        PersonState state, TransferOrder order, PayeeStanding payee, RegionRules payerRules, RegionRules payeeRules, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.AmountFen);
        DateTimeOffset at = state.TimeFor(now);
        AppliedLimits limits = AppliedLimits.Of(payerRules, payeeRules);
        Refusal? refusal = RefuseParties(state, order, payee)
            ?? RefuseRegions(order.Kinship, (state.Region, payerRules), (payee.Region, payeeRules))
            ?? RefuseLimits(state, order, limits, at)
            ?? RefuseFunds(state, order);
        if (refusal is not null)
        {
            return Decision.Refused(refusal.Code, refusal.Detail);
        }

        HoldTerms terms = new(order.Payee, order.Kinship, state.Region, payee.Region, BusinessTime.NextReturnAfter(at), payee.AutoAccept, limits);
        return Decision.Append(Next(state, order.Id, Leg.Opening, EntryKind.Hold, Amounts.Hold(order.Source, order.AmountFen), at, terms));
    }

    /// <summary>Whether a refusal of <see cref="Hold"/>, or of the cap that applies to it, may depend on the payee's standing.</summary>
    public static bool MayRestOnPayee(RefusalCode code) =>
        code is RefusalCode.WalletNotOpen or RefusalCode.NotInsured or RefusalCode.RegionNotLive or RefusalCode.KinshipNotAllowed or RefusalCode.RegionCapReached;

    /// <summary>
    /// Takes a transfer's money into the recipient's wallet. Checks again that the recipient is insured, with an open wallet, in a region that is live for the transfer, since all
    /// of this may have changed since the hold. What is not accepted by 06:00 goes back, so no later receipt is possible.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive, which no hold allows.</exception>
    public static Decision Receive(PersonState state, ReceiptOrder order, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.AmountFen);
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        DateTimeOffset at = state.TimeFor(now);
        if (at >= order.ExpiresAt)
        {
            return Decision.Refused(RefusalCode.WrongState, $"The transfer was not accepted by {BusinessTime.ToLocal(order.ExpiresAt):yyyy-MM-dd HH:mm} and goes back to its giver.");
        }

        if (state.Status != InsuranceStatus.Active)
        {
            return Decision.Refused(RefusalCode.NotInsured, "The recipient's insurance is stopped.");
        }

        if (state.Wallet is null)
        {
            return Decision.Refused(RefusalCode.WalletNotOpen, "The recipient's wallet is not open.");
        }

        if (order.IsAutomatic && !state.Wallet.AutoAccept)
        {
            return Decision.Refused(RefusalCode.WrongState, "The recipient's wallet does not accept automatically any more: the transfer waits for the recipient.");
        }

        if (state.Region != order.PayeeRegion)
        {
            return Decision.Refused(
                RefusalCode.RegionNotLive, $"The recipient has moved to {state.Region}, and {order.PayerRegion} and {state.Region} are not both live for {Tiers.ToText(Tiers.Between(order.PayerRegion, state.Region))} transfers.");
        }

        // The recipient's region at this moment: the money is owed to it, even when the person has moved since the hold.
        ReceiveTerms terms = new(order.Payer, order.PayerRegion, state.Region);
        return Grow(state, order.Id, Leg.Answer, EntryKind.Receive, new Amounts(0, order.AmountFen, 0, 0), now, terms);
    }

    /// <summary>
    /// Records on the recipient's account that a transfer will not be received. It takes the same leg as a receipt would, so from now
    /// on nothing can receive it, and the giver's money may go back.
    /// </summary>
    public static Decision Decline(PersonState state, Guid id, EndReason reason, DateTimeOffset now) =>
        !state.IsRegistered
            ? NoSuchPerson(state)
            : Decision.Append(Next(state, id, Leg.Answer, EntryKind.Decline, Amounts.Zero, state.TimeFor(now), new EndTerms(reason)));

    /// <summary>Releases held money after the transfer was received: it leaves the account.</summary>
    public static Decision Post(PersonState state, Guid id, DateTimeOffset now) =>
        state.FindHold(id) is { } hold
            ? Decision.Append(Next(state, id, Leg.Outcome, EntryKind.Post, new Amounts(0, 0, -hold.AmountFen, 0), state.TimeFor(now), null))
            : NotOpen(id);

    /// <summary>Returns held money to the pocket it came from, after the transfer was declined.</summary>
    public static Decision Void(PersonState state, Guid id, EndReason reason, DateTimeOffset now) =>
        state.FindHold(id) is { } hold
            ? Decision.Append(Next(state, id, Leg.Outcome, EntryKind.Void, Amounts.Release(hold.Taken), state.TimeFor(now), new EndTerms(reason)))
            : NotOpen(id);

    private static Refusal? RefuseParties(PersonState state, TransferOrder order, PayeeStanding payee)
    {
        if (!state.IsRegistered)
        {
            return new(RefusalCode.NoSuchPerson, $"There is no person {state.Person}.");
        }

        if (order.Payer == order.Payee)
        {
            return new(RefusalCode.SamePerson, "Payer and payee are the same person.");
        }

        // Only employees can give personal-account money; anyone may give from their wallet.
        if (order.Source == TransferSource.Personal && (state.Insurance != Insurance.Employee || state.Status != InsuranceStatus.Active))
        {
            return new(RefusalCode.NotInsured, "Personal-account money can only be given by an insured employee.");
        }

        if (!payee.Insured)
        {
            return new(RefusalCode.NotInsured, "The recipient must be insured.");
        }

        return state.Wallet is null ? new(RefusalCode.WalletNotOpen, "The payer's wallet is not open.")
            : !payee.WalletOpen ? new(RefusalCode.WalletNotOpen, "The payee's wallet is not open.")
            : null;
    }

    /// <summary>The refusal when one of the two regions does not allow a transfer between them; null when both do.</summary>
    public static Refusal? RefuseRegions(Kinship kinship, (RegionCode Region, RegionRules Rules) payer, (RegionCode Region, RegionRules Rules) payee) =>
        RefuseTier(payer, payee, "transfers") ?? RefuseKinship(payer, payee, kinship, "transfers");

    /// <summary>The refusal when one of the regions is not live for this kind of movement between the two.</summary>
    private static Refusal? RefuseTier((RegionCode Region, RegionRules Rules) one, (RegionCode Region, RegionRules Rules) other, string what)
    {
        Tier tier = Tiers.Between(one.Region, other.Region);
        RegionCode? lacking = !one.Rules.IsLive(tier) ? one.Region : !other.Rules.IsLive(tier) ? other.Region : null;
        return lacking is { } region
            ? new(RefusalCode.RegionNotLive, $"Region {region} is not live for {Tiers.ToText(tier)} {what}: its operator has to put it live first.")
            : null;
    }

    private static Refusal? RefuseKinship((RegionCode Region, RegionRules Rules) one, (RegionCode Region, RegionRules Rules) other, Kinship kinship, string what)
    {
        RegionCode? lacking = !one.Rules.Kinships.Has(kinship) ? one.Region : !other.Rules.Kinships.Has(kinship) ? other.Region : null;
        return lacking is { } region
            ? new(RefusalCode.KinshipNotAllowed, $"Region {region} does not allow {what} to a {KinshipNames.ToText(kinship)}.")
            : null;
    }

    private static Refusal? RefuseLimits(PersonState state, TransferOrder order, AppliedLimits limits, DateTimeOffset at)
    {
        if (order.AmountFen > limits.MaxFen)
        {
            return new(RefusalCode.AmountOverLimit, Text($"{order.AmountFen} fen is over the limit of {limits.MaxFen} fen a transfer."));
        }

        if (limits.IsClosedAt(at))
        {
            return new(RefusalCode.OutsideHours, $"It is {BusinessTime.TimeOf(at):HH:mm}; transfers rest from {Minute(limits.ClosedFrom)} to {Minute(limits.ClosedUntil)} (Asia/Shanghai).");
        }

        // A hold with automatic acceptance is on its way and does not wait for anybody.
        foreach (OpenHold hold in state.OpenHolds)
        {
            if (!hold.AutoAccept && hold.Payee == order.Payee)
            {
                return new(RefusalCode.PreviousTransferWaiting, $"Transfer {hold.Id} to the same recipient still waits to be accepted.");
            }
        }

        int count = state.TransfersOn(BusinessTime.DayOf(at));
        return count >= limits.PerDay
            ? new(RefusalCode.DailyCountExceeded, Text($"Transfers from this account today: {count}; allowed a day: {limits.PerDay}. Ask again tomorrow."))
            : null;
    }

    private static Refusal? RefuseFunds(PersonState state, TransferOrder order)
    {
        (long availableFen, string pocket) = order.Source == TransferSource.Personal ? (state.Balances.PersonalFen, "personal account") : (state.Balances.WalletFen, "wallet");
        if (availableFen < order.AmountFen)
        {
            return new(RefusalCode.InsufficientFunds, Text($"{order.AmountFen} fen are to be transferred, but {availableFen} fen are available in the payer's {pocket}."));
        }

        return state.OpenHolds.Count >= Limits.OpenHoldsMax
            ? new(RefusalCode.PreviousTransferWaiting, Text($"{Limits.OpenHoldsMax} transfers are open at once."))
            : null;
    }

    /// <summary>An entry that adds money, or a refusal if a pocket would exceed the largest balance.</summary>
    private static Decision Grow(PersonState state, Guid id, Leg leg, EntryKind kind, Amounts amounts, DateTimeOffset now, EntryDetail detail)
    {
        return IsTooMuch(state, amounts)
            ? Decision.Refused(RefusalCode.AmountOverLimit, Text($"No balance can be over {Limits.BalanceFenMax} fen."))
            : Decision.Append(Next(state, id, leg, kind, amounts, state.TimeFor(now), detail));
    }

    /// <summary>
    /// Whether a pocket that grows would exceed the largest balance. A pocket that exceeds it already, because its own money came back, blocks nothing unless it grows further.
    /// </summary>
    private static bool IsTooMuch(PersonState state, Amounts amounts) =>
        IsTooMuch(state.Balances.PersonalFen, amounts.PersonalFen) || IsTooMuch(state.Balances.WalletFen, amounts.WalletFen);

    /// <summary>Compares by subtraction, so that an amount near the end of 64 bits does not overflow.</summary>
    private static bool IsTooMuch(long balanceFen, long moreFen) => moreFen > 0 && moreFen > Limits.BalanceFenMax - balanceFen;

    /// <summary>The entry of a command without an id: its operation is named after its place, so that naming needs no randomness.</summary>
    private static Entry Next(PersonState state, EntryKind kind, DateTimeOffset now, EntryDetail? detail, Amounts amounts = default) =>
        Next(state, PlaceId(state.Person, state.Version + 1), Leg.Place, kind, amounts, state.TimeFor(now), detail);

    private static Entry Next(PersonState state, Guid id, Leg leg, EntryKind kind, Amounts amounts, DateTimeOffset at, EntryDetail? detail) => new()
    {
        Account = state.Person,
        Version = state.Version + 1,
        Operation = id,
        Leg = leg,
        Kind = kind,
        Amounts = amounts,
        Balances = state.Balances + amounts,
        At = at,
        Detail = detail,
    };

    /// <summary>A version 8 UUID (RFC 9562) of an account and a version.</summary>
    internal static Guid PlaceId(string account, long version)
    {
        Span<byte> text = stackalloc byte[Limits.PersonIdLengthMax + sizeof(long)];
        int length = Encoding.UTF8.GetBytes(account, text);
        BinaryPrimitives.WriteInt64BigEndian(text[length..], version);
        return NamedIds.Of(text[..(length + sizeof(long))]);
    }

    private static Decision NoSuchPerson(PersonState state) => Decision.Refused(RefusalCode.NoSuchPerson, $"There is no person {state.Person}.");

    private static Decision NotOpen(Guid id) => Decision.Refused(RefusalCode.WrongState, $"Transfer {id} is not open on this account.");

    private static string Open(PersonState state) =>
        state.OpenHolds.Count == 1 ? "1 transfer or payment of this person is" : Text($"{state.OpenHolds.Count} transfers or payments of this person are");

    private static string Minute(short minute) => TimeOnly.MinValue.AddMinutes(minute).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
