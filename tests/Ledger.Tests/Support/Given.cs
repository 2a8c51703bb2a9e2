using System.Globalization;

namespace Gongji.Ledger.Tests;

/// <summary>Persons, regions and moments for tests to start from.</summary>
internal static class Given
{
    public static readonly RegionCode Suzhou = RegionCode.Parse("320500");
    public static readonly RegionCode Nanjing = RegionCode.Parse("320100");
    public static readonly RegionCode Zhengzhou = RegionCode.Parse("410100");

    /// <summary>The public rules, live for every tier.</summary>
    public static readonly RegionRules Live = new() { Live = LiveTiers.All };

    /// <summary>A Monday noon.</summary>
    public static readonly DateTimeOffset Noon = At("2026-03-02 12:00:00");

    /// <summary>When the persons below were registered.</summary>
    public static readonly DateTimeOffset Before = At("2026-01-05 12:00:00");

    public static readonly PayeeStanding Payee = new(Zhengzhou, Insured: true, WalletOpen: true, AutoAccept: false);

    /// <summary>A moment in Asia/Shanghai.</summary>
    public static DateTimeOffset At(string local) =>
        new(DateTime.Parse(local, CultureInfo.InvariantCulture), BusinessTime.Offset);

    /// <summary>A stable id for a number.</summary>
    public static Guid Id(int number) => new(number, 0x6f6e, 0x676a, 0x80, 0x69, 0, 0, 0, 0, 0, 1);

    /// <summary>An insured employee of Suzhou with an open wallet and 10,000 yuan in the personal account, registered weeks before noon.</summary>
    public static PersonState Employee(string person = "daughter", long personalFen = 1_000_000, bool wallet = true, RegionCode? region = null)
    {
        PersonState state = Registered(person, Insurance.Employee, region ?? Suzhou);
        if (personalFen > 0)
        {
            Append(state, PersonRules.Credit(state, new CreditOrder(Guid.NewGuid(), personalFen, "2026-03"), Before));
        }

        return wallet ? WithWallet(state) : state;
    }

    /// <summary>An insured resident of Zhengzhou with an open wallet.</summary>
    public static PersonState Resident(string person = "father", bool wallet = true, RegionCode? region = null)
    {
        PersonState state = Registered(person, Insurance.Resident, region ?? Zhengzhou);
        return wallet ? WithWallet(state) : state;
    }

    public static PersonState Registered(string person, Insurance insurance, RegionCode region)
    {
        PersonState state = new(person);
        Append(state, PersonRules.Register(state, new Registration(region, insurance, InsuranceStatus.Active), Before));
        return state;
    }

    public static PersonState WithWallet(PersonState state, bool autoAccept = false)
    {
        Append(state, PersonRules.OpenWallet(state, new WalletTerms(state.Region, autoAccept), Before));
        return state;
    }

    public static PersonState Stopped(PersonState state)
    {
        Append(state, PersonRules.Register(state, new Registration(state.Region, state.Insurance, InsuranceStatus.Stopped), Before));
        return state;
    }

    /// <summary>Puts money into a wallet as a receipt does.</summary>
    public static PersonState WithWalletFen(PersonState state, long amountFen)
    {
        Append(state, PersonRules.Receive(state, Receipt(Guid.NewGuid(), amountFen) with { PayeeRegion = state.Region }, Before));
        return state;
    }

    public static TransferOrder Order(
        int id = 1, long amountFen = 80_000, string payer = "daughter", string payee = "father", TransferSource source = TransferSource.Personal, Kinship kinship = Kinship.Parent) =>
        new(Id(id), payer, payee, source, amountFen, kinship);

    public static ReceiptOrder Receipt(Guid id, long amountFen, string payer = "daughter") =>
        new(id, payer, Suzhou, amountFen, BusinessTime.NextReturnAfter(Noon), Zhengzhou);

    /// <summary>Decides a hold under the live public rules.</summary>
    public static Decision Hold(PersonState state, TransferOrder order, DateTimeOffset? now = null, PayeeStanding? payee = null, RegionRules? rules = null, RegionRules? payeeRules = null) =>
        PersonRules.Hold(state, order, payee ?? Payee, rules ?? Live, payeeRules ?? Live, now ?? Noon);

    /// <summary>Asserts that a decision appends, applies its entry and returns it.</summary>
    public static Entry Append(PersonState state, Decision decision)
    {
        Assert.Null(decision.Refusal);
        Assert.NotNull(decision.Entry);
        state.Apply(decision.Entry);
        return decision.Entry;
    }

    /// <summary>Asserts that a decision refuses with a code.</summary>
    public static void AssertRefused(RefusalCode code, Decision decision)
    {
        Assert.Null(decision.Entry);
        Assert.Equal(code, decision.Refusal?.Code);
        Assert.False(string.IsNullOrWhiteSpace(decision.Refusal!.Detail));
    }
}
