using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <content>Relations, payments, refunds and contributions of a separate family, in two regions of another province.</content>
internal static partial class Story
{
    private static RegionCode Guangzhou => RegionCode.Parse("440100");
    private static RegionCode Foshan => RegionCode.Parse("440600");

    /// <summary>Uncle pays 100 fen of his own.</summary>
    public static Guid PaidAlone => Id(11);

    /// <summary>40 fen of that are refunded.</summary>
    public static Guid PaidAloneBack => Id(12);

    /// <summary>Niece pays 60,000 fen: 1,000 of her own, 20,000 of aunt's quota, 39,000 of uncle's money.</summary>
    public static Guid Drawn => Id(13);

    /// <summary>45,000 fen of that are refunded: all of uncle's, and 6,000 of aunt's quota.</summary>
    public static Guid DrawnBack => Id(14);

    /// <summary>Aunt pays niece's contribution.</summary>
    public static Guid ForNiece => Id(15);

    /// <summary>Uncle's payment of another contribution for niece is abandoned.</summary>
    public static Guid Abandoned => Id(16);

    /// <summary>Uncle pays that contribution after all.</summary>
    public static Guid ForNieceToo => Id(17);

    /// <summary>All of that is refunded, so it can be paid again.</summary>
    public static Guid ForNieceTooBack => Id(18);

    /// <summary>Niece's payment of 2,000 fen is made; aunt's part has not left yet.</summary>
    public static Guid MadeNotPosted => Id(19);

    /// <summary>Niece's payment of 3,000 fen is opened and aunt's part set aside; it is not decided.</summary>
    public static Guid Undecided => Id(20);

    /// <summary>Aunt's own contribution.</summary>
    public static Guid OwnContribution => Id(21);

    /// <summary>Uncle's own money, all of it back but 1 fen, is opened and abandoned with a draw that had been set aside.</summary>
    public static Guid DrawVoided => Id(22);

    public static Guid AuntCredit => Id(111);

    public static Guid Correction => Id(121);

    private static void TellPayments(MemoryLedger ledger)
    {
        ledger.SetRules(Guangzhou, Live);
        ledger.SetRules(Foshan, Live);
        ledger.Now = At("2026-03-04 09:00:00");
        BeginFamily(ledger);
        Relate(ledger, "uncle", "niece", null);
        Relate(ledger, "aunt", "niece", 20_000);
        Relate(ledger, "aunt", "nephew", 500);
        Relate(ledger, "uncle", "nephew", 300);
        Must(ledger.Order("niece", ["uncle"]));
        Must(ledger.OpenPayment(Bill(PaidAlone, "uncle", 100)));
        Must(ledger.Refund(PaidAloneBack, PaidAlone, 40));
        Must(ledger.OpenPayment(Bill(Drawn, "niece", 60_000)));
        GoOn(ledger, Drawn, 5);
        Must(ledger.Refund(DrawnBack, Drawn, 45_000));
        GoOnRefund(ledger, DrawnBack, 3);
        Must(ledger.OpenPayment(Contribution(ForNiece, "aunt", "niece", Scheme.ResidentMedical, 400)));
        GoOn(ledger, ForNiece, 3);
        Must(ledger.OpenPayment(Contribution(Abandoned, "uncle", "niece", Scheme.LongTermCare, 300)));
        Must(ledger.OpenPart(Abandoned, 0));
        Must(ledger.Abandon(Abandoned));
        Must(ledger.EndPart(Abandoned, 0));
        Must(ledger.OpenPayment(Contribution(ForNieceToo, "uncle", "niece", Scheme.LongTermCare, 300)));
        GoOn(ledger, ForNieceToo, 3);
        Must(ledger.Refund(ForNieceTooBack, ForNieceToo, 300));
        GoOnRefund(ledger, ForNieceTooBack, 2);
        Must(ledger.OpenPayment(Bill(DrawVoided, "niece", 1_500)));
        Must(ledger.OpenPart(DrawVoided, 0));
        Must(ledger.Abandon(DrawVoided));
        Must(ledger.EndPart(DrawVoided, 0));
        Must(ledger.OpenPayment(Bill(MadeNotPosted, "niece", 2_000)));
        GoOn(ledger, MadeNotPosted, 2);
        Must(ledger.OpenPayment(Bill(Undecided, "niece", 3_000)));
        Must(ledger.OpenPart(Undecided, 0));
        Must(ledger.OpenPayment(Contribution(OwnContribution, "aunt", "aunt", Scheme.LongTermCare, 300)));
        EndFamily(ledger);
    }

    private static void BeginFamily(MemoryLedger ledger)
    {
        Must(ledger.Register("aunt", Foshan, Insurance.Employee));
        Must(ledger.Credit("aunt", AuntCredit, 100_000));
        Must(ledger.OpenWallet("aunt", Foshan));
        Must(ledger.CloseWallet("aunt"));
        Must(ledger.Register("uncle", Foshan, Insurance.Employee));
        Must(ledger.Credit("uncle", Id(112), 50_000));
        Must(ledger.Register("niece", Guangzhou, Insurance.Employee));
        Must(ledger.Credit("niece", Id(113), 1_000));
        Must(ledger.Register("nephew", Guangzhou, Insurance.Resident));
    }

    private static void EndFamily(MemoryLedger ledger)
    {
        Must(ledger.Correct("aunt", Correction, AuntCredit, -500));
        Must(ledger.Propose("aunt", "niece", Kinship.Child, 25_000));
        Must(ledger.Dissolve("uncle", "nephew"));
        Must(ledger.Leave("nephew", "uncle"));
        Must(ledger.Register("nephew", Guangzhou, Insurance.Resident, InsuranceStatus.Stopped));
        Must(ledger.TellLeaving("nephew"));
        Must(ledger.TellLeaving("nephew"));
    }

    private static void Relate(MemoryLedger ledger, string giver, string recipient, long? quotaFen)
    {
        Must(ledger.Propose(giver, recipient, Kinship.Child, quotaFen));
        Must(ledger.Join(recipient, giver));
        Must(ledger.Consent(giver, recipient));
    }

    private static void GoOn(MemoryLedger ledger, Guid attempt, int legs)
    {
        for (int leg = 0; leg < legs; leg++)
        {
            Must(ledger.GoOn(attempt, abandon: false));
        }
    }

    private static void GoOnRefund(MemoryLedger ledger, Guid refund, int legs)
    {
        for (int leg = 0; leg < legs; leg++)
        {
            Must(ledger.GoOnRefund(refund));
        }
    }

    private static PaymentOrder Bill(Guid id, string payer, long amountFen) =>
        new(id, payer, Family.Hospital, PaymentPurpose.Hospital, payer, null, amountFen, null, false);

    private static PaymentOrder Contribution(Guid id, string payer, string beneficiary, Scheme scheme, long amountFen) =>
        new(id, payer, null, PaymentPurpose.Contribution, beneficiary, new ContributionYear(scheme, 2026), amountFen, null, false);
}
