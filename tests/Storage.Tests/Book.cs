using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Makes the entries of one account in succession, as an activation would.</summary>
internal sealed class Book(string account, long version = 0, Amounts balances = default)
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 4, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NextReturn = new(2026, 3, 2, 22, 0, 0, TimeSpan.Zero);
    public static readonly RegionCode Suzhou = RegionCode.Parse("320500");
    public static readonly RegionCode Zhengzhou = RegionCode.Parse("410100");

    public string Account { get; } = account;

    public long Version { get; private set; } = version;

    public Amounts Balances { get; private set; } = balances;

    public AccountWriter Writer { get; } = new(account);

    public static Guid Id(long number) => unchecked(new Guid((int)(number >> 32), (short)(number >> 16), (short)number, 0x80, 0, 0, 0, 0, 0, 0, 1));

    public Entry Register(Guid? operation = null) => Next(EntryKind.Registered, default, operation, operation is null ? Leg.Place : Leg.Opening, detail: new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Active));

    public Entry Credit(long fen, Guid? operation = null) => Next(EntryKind.Credit, new(fen, 0, 0, 0), operation, detail: new CreditTerms(Suzhou, "2026-03"));

    public Entry Hold(Guid operation, long fen, string payee = "payee", bool auto = false, DateTimeOffset? heldAt = null, DateTimeOffset? expiresAt = null) => Next(
        EntryKind.Hold,
        new(-fen, 0, fen, 0),
        operation,
        at: heldAt,
        detail: new HoldTerms(payee, Kinship.Parent, Suzhou, Zhengzhou, expiresAt ?? NextReturn, auto, new AppliedLimits(200_000, 3, 1_320, 360, Kinships.Near, LiveTiers.All)));

    public Entry Receive(Guid operation, string payer, long fen) => Next(
        EntryKind.Receive, new(0, fen, 0, 0), operation, Leg.Answer, detail: new ReceiveTerms(payer, Suzhou, Zhengzhou));

    public Entry Decline(Guid operation) => Next(EntryKind.Decline, default, operation, Leg.Answer, detail: new EndTerms(EndReason.Cancelled));

    /// <summary>Sets a relative's part of a payment aside.</summary>
    public Entry HoldDraw(Guid operation, int party, long fen) => Next(
        EntryKind.DrawHeld, new(-fen, 0, fen, 0), operation, Legs.Part(party), detail: new DrawTerms("payer", new Bill(PaymentPurpose.Hospital, "payer", Suzhou), Suzhou));

    public Entry PostDraw(Guid operation, int party, long fen) => Next(EntryKind.DrawPosted, new(0, 0, -fen, 0), operation, Legs.PartOutcome(party));

    public Entry VoidDraw(Guid operation, int party, long fen) => Next(EntryKind.DrawVoided, new(fen, 0, -fen, 0), operation, Legs.PartOutcome(party));

    /// <summary>A payment from this account alone.</summary>
    public Entry Pay(Guid operation, Guid payment, long fen) => Next(EntryKind.Paid, new(-fen, 0, 0, 0), operation, detail: Terms(payment, fen));

    /// <summary>Opens a payment with others, and sets the payer's own part aside.</summary>
    public Entry OpenPayment(Guid operation, Guid payment, long fen) => Next(EntryKind.PaymentOpened, new(-fen, 0, fen, 0), operation, detail: Terms(payment, fen));

    public Entry MakePayment(Guid operation, Guid payment, long fen) => Next(EntryKind.PaymentMade, new(0, 0, -fen, 0), operation, Leg.Answer, detail: Terms(payment, fen));

    public Entry AbandonPayment(Guid operation, long fen) => Next(EntryKind.PaymentAbandoned, new(fen, 0, -fen, 0), operation, Leg.Answer);

    public Entry Post(Guid operation, long fen) => Next(EntryKind.Post, new(0, 0, -fen, 0), operation, Leg.Outcome);

    public Entry Void(Guid operation, long fen) => Next(EntryKind.Void, new(fen, 0, -fen, 0), operation, Leg.Outcome, detail: new EndTerms(EndReason.Returned));

    /// <summary>Moves to Zhengzhou, with all the money.</summary>
    public Entry Move() => Next(
        EntryKind.Moved, default, null, Leg.Place, detail: new Registration(Zhengzhou, Insurance.Employee, InsuranceStatus.Active, Suzhou));

    /// <summary>Closes a day; for the account <see cref="ClearingAccounts.Days"/>.</summary>
    public Entry CloseDay(DateOnly day) => Next(EntryKind.DayClosed, default, null, Leg.Place, detail: new DayClosing(day, ClearingBasis.Gross));

    /// <summary>Confirms that Suzhou has paid Zhengzhou.</summary>
    public Entry Settle(Guid operation, DateOnly day, long fen) =>
        Next(EntryKind.SettlementConfirmed, default, operation, detail: new SettlementTerms(day, Suzhou, Zhengzhou, fen));

    private PaymentTerms Terms(Guid payment, long fen) => new(
        payment, "H32050000001", new Bill(PaymentPurpose.Hospital, Account, Suzhou), fen, 0, [new PaymentPart(Account, Pocket.Personal, fen, Suzhou)], null, false);

    private Entry Next(EntryKind kind, Amounts amounts, Guid? operation, Leg leg = Leg.Opening, DateTimeOffset? at = null, EntryDetail? detail = null)
    {
        Version++;
        Balances += amounts;
        return new Entry
        {
            Account = Account,
            Version = Version,
            Operation = operation ?? Guid.NewGuid(),
            Leg = leg,
            Kind = kind,
            Amounts = amounts,
            Balances = Balances,
            At = at ?? Noon.AddMilliseconds(Version),
            Detail = detail,
        };
    }
}
