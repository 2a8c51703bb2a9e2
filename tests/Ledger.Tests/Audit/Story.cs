using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>A small ledger with a transfer in every state, for audits to read and for tests to damage.</summary>
internal static partial class Story
{
    /// <summary>Daughter to father across provinces, personal money: settled.</summary>
    public static readonly Guid Settled = Id(1);

    /// <summary>Daughter to mother in one region: rejected and given back.</summary>
    public static readonly Guid Rejected = Id(2);

    /// <summary>Daughter to son inside the province: accepted automatically and settled. The third of her day.</summary>
    public static readonly Guid Automatic = Id(3);

    /// <summary>Son to daughter: held.</summary>
    public static readonly Guid Waiting = Id(4);

    /// <summary>Father to daughter from his wallet: received but not posted, because the coordinator was interrupted.</summary>
    public static readonly Guid InTransit = Id(5);

    /// <summary>Father to son from his wallet: declined, not yet voided.</summary>
    public static readonly Guid Declined = Id(6);

    /// <summary>Daughter to mother on the next day: returned at 06:00 of the day after.</summary>
    public static readonly Guid Returned = Id(7);

    public static readonly Guid FirstCredit = Id(101);

    public static IReadOnlyList<Entry> Entries { get; } = Tell();

    private static List<Entry> Tell()
    {
        MemoryLedger ledger = new() { Now = Noon };
        ledger.SetRules(Suzhou, Live);
        ledger.SetRules(Nanjing, Live);
        ledger.SetRules(Zhengzhou, Live);
        Begin(ledger);
        Transfer(ledger, Settled, "daughter", "father", 80_000, Kinship.Parent, receive: true);
        Transfer(ledger, Rejected, "daughter", "mother", 10_000, Kinship.Parent, receive: false);
        Transfer(ledger, Automatic, "daughter", "son", 5_000, Kinship.Child, receive: true);
        Must(ledger.Hold(Order(Waiting, "son", "daughter", 700, TransferSource.Personal, Kinship.Parent)));
        Must(ledger.Hold(Order(InTransit, "father", "daughter", 3_000, TransferSource.Wallet, Kinship.Child)));
        Must(ledger.Receive(InTransit));
        Must(ledger.Hold(Order(Declined, "father", "son", 4_000, TransferSource.Wallet, Kinship.Grandchild)));
        Must(ledger.Decline(Declined, EndReason.Cancelled));
        ledger.Now = At("2026-03-03 09:00:00");
        Must(ledger.Hold(Order(Returned, "daughter", "mother", 900, TransferSource.Personal, Kinship.Parent)));
        ledger.Now = At("2026-03-04 06:00:00");
        Must(ledger.Decline(Returned, EndReason.Returned));
        Must(ledger.Void(Returned));
        Must(ledger.Register("mother", Zhengzhou, Insurance.Resident, InsuranceStatus.Stopped));
        TellPayments(ledger);
        return ledger.Entries;
    }

    private static void Begin(MemoryLedger ledger)
    {
        Must(ledger.Register("daughter", Suzhou, Insurance.Employee));
        Must(ledger.Credit("daughter", FirstCredit, 300_000));
        Must(ledger.Credit("daughter", Id(102), 200_000));
        Must(ledger.OpenWallet("daughter", Suzhou));
        Must(ledger.Register("father", Zhengzhou, Insurance.Resident));
        Must(ledger.OpenWallet("father", Zhengzhou));
        Must(ledger.Register("son", Zhengzhou, Insurance.Employee));
        Must(ledger.Credit("son", Id(103), 40_000));
        Must(ledger.Register("son", Nanjing, Insurance.Employee));
        Must(ledger.OpenWallet("son", Nanjing, autoAccept: true));
        Must(ledger.Register("mother", Suzhou, Insurance.Resident));
        Must(ledger.OpenWallet("mother", Suzhou));
    }

    private static void Transfer(MemoryLedger ledger, Guid id, string payer, string payee, long amountFen, Kinship kinship, bool receive)
    {
        ledger.Now = ledger.Now.AddMinutes(1);
        Must(ledger.Hold(Order(id, payer, payee, amountFen, TransferSource.Personal, kinship)));
        Must(receive ? ledger.Receive(id) : ledger.Decline(id, EndReason.Rejected));
        Must(receive ? ledger.Post(id) : ledger.Void(id));
    }

    private static TransferOrder Order(Guid id, string payer, string payee, long amountFen, TransferSource source, Kinship kinship) =>
        new(id, payer, payee, source, amountFen, kinship);

    private static void Must(LedgerAnswer answer) => Assert.NotNull(answer.Entry);
}
