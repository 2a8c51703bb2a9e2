using Gongji.Chaos.Load;

namespace Gongji.Chaos.Checks;

/// <summary>The entries that the ledger must have for a command, and their effect on balances.</summary>
internal static class Expected
{
    public static IReadOnlyList<LedgerEntry> EntriesOf(Command command) => (command.State, command.Kind) switch
    {
        (CommandState.Answered, CommandKind.Credit) => [new LedgerEntry(command.Person, "credit", command.AmountFen, 0, 0)],
        (CommandState.Answered, CommandKind.Transfer) => [Hold(command), .. EndOf(command)],
        (CommandState.Answered, CommandKind.Payment) => Paid(command),
        (CommandState.Answered, CommandKind.Refund) => Refunded(command),
        _ => [],
    };

    /// <summary>Adds a command's effect to the balances of the people concerned.</summary>
    public static void AddTo(Dictionary<string, (long PersonalFen, long WalletFen, long HeldFen)> balances, Command command)
    {
        foreach (LedgerEntry entry in EntriesOf(command))
        {
            (long personal, long wallet, long held) = balances.GetValueOrDefault(entry.Person);
            balances[entry.Person] = (personal + entry.PersonalFen, wallet + entry.WalletFen, held + entry.HeldFen);
        }
    }

    /// <summary>The entries of a payment as it was answered; from own money alone, it is one entry.</summary>
    private static LedgerEntry[] Paid(Command payment)
    {
        (long personal, long wallet, KeyValuePair<string, long>[] relatives) = PartsOf(payment);
        return relatives.Length == 0
            ? [new LedgerEntry(payment.Person, "paid", -personal, -wallet, 0)]
            :
            [
                new LedgerEntry(payment.Person, "payment-opened", -personal, -wallet, personal + wallet),
                .. relatives.Select(relative => new LedgerEntry(relative.Key, "draw-held", -relative.Value, 0, relative.Value)),
                new LedgerEntry(payment.Person, "payment-made", 0, 0, -personal - wallet),
                .. relatives.Select(relative => new LedgerEntry(relative.Key, "draw-posted", 0, 0, -relative.Value)),
            ];
    }

    private static LedgerEntry[] Refunded(Command refund)
    {
        (long personal, long wallet, KeyValuePair<string, long>[] relatives) = PartsOf(refund);
        return relatives.Length == 0
            ? [new LedgerEntry(refund.Person, "refunded", personal, wallet, 0)]
            :
            [
                new LedgerEntry(refund.Person, "refund-opened", personal, wallet, 0),
                .. relatives.Select(relative => new LedgerEntry(relative.Key, "draw-refunded", relative.Value, 0, 0)),
                new LedgerEntry(refund.Person, "refund-done", 0, 0, 0),
            ];
    }

    private static (long PersonalFen, long WalletFen, KeyValuePair<string, long>[] Relatives) PartsOf(Command command)
    {
        (string Account, string Pocket, long Fen)[] parts =
            [.. System.Text.Json.Nodes.JsonNode.Parse(command.Text)!["parts"]!.AsArray().Select(part => ((string)part!["account"]!, (string)part["pocket"]!, (long)part["amountFen"]!))];
        return (
            parts.Where(part => part.Account == command.Person && part.Pocket == "personal").Sum(part => part.Fen),
            parts.Where(part => part.Account == command.Person && part.Pocket == "wallet").Sum(part => part.Fen),
            [.. parts.Where(part => part.Account != command.Person).GroupBy(part => part.Account, (account, its) => KeyValuePair.Create(account, its.Sum(part => part.Fen)))]);
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
