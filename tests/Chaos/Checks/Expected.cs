using Gongji.Chaos.Load;

namespace Gongji.Chaos.Checks;

/// <summary>What must be in the ledger for a command, and what it does to balances.</summary>
internal static class Expected
{
    public static IReadOnlyList<LedgerEntry> EntriesOf(Command command) => (command.State, command.Kind) switch
    {
        (CommandState.Answered, CommandKind.Credit) => [new LedgerEntry(command.Person, "credit", command.AmountFen, 0, 0)],
        (CommandState.Answered, CommandKind.Transfer) => [Hold(command), .. EndOf(command)],
        _ => [],
    };

    /// <summary>Adds what a command did to the balances of its people.</summary>
    public static void AddTo(Dictionary<string, (long PersonalFen, long WalletFen, long HeldFen)> balances, Command command)
    {
        foreach (LedgerEntry entry in EntriesOf(command))
        {
            (long personal, long wallet, long held) = balances.GetValueOrDefault(entry.Person);
            balances[entry.Person] = (personal + entry.PersonalFen, wallet + entry.WalletFen, held + entry.HeldFen);
        }
    }

    private static LedgerEntry Hold(Command transfer) => transfer.FromWallet
        ? new LedgerEntry(transfer.Person, "hold", 0, -transfer.AmountFen, transfer.AmountFen)
        : new LedgerEntry(transfer.Person, "hold", -transfer.AmountFen, 0, transfer.AmountFen);

    private static LedgerEntry[] EndOf(Command transfer) => transfer.Status switch
    {
        "settled" =>
        [
            new LedgerEntry(transfer.Payee, "receive", 0, transfer.AmountFen, 0),
            new LedgerEntry(transfer.Person, "post", 0, 0, -transfer.AmountFen),
        ],
        "returned" or "rejected" or "cancelled" =>
        [
            new LedgerEntry(transfer.Payee, "decline", 0, 0, 0),
            transfer.FromWallet
                ? new LedgerEntry(transfer.Person, "void", 0, transfer.AmountFen, -transfer.AmountFen)
                : new LedgerEntry(transfer.Person, "void", transfer.AmountFen, 0, -transfer.AmountFen),
        ],
        _ => [],
    };
}
