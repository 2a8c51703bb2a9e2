namespace Gongji.Ledger.Tests;

/// <content>Follows entries of relations and payments by their amounts alone.</content>
internal sealed partial class LedgerModel
{
    private readonly HashSet<(string Person, Guid Operation)> _parts = [];

    /// <summary>Takes in what became of a command that the model does not foretell.</summary>
    public void Follow(Entry entry)
    {
        ModelPerson person = Person(entry.Account);
        person.PersonalFen += entry.Amounts.PersonalFen;
        person.WalletFen += entry.Amounts.WalletFen;
        person.HeldFen += entry.Amounts.HeldFen;
        person.QuotaFen += entry.Amounts.QuotaFen;
        person.Wallet &= entry.Kind != EntryKind.WalletClosed;
        person.LastMs = entry.At.ToUnixTimeMilliseconds();
        person.Version++;
        long fen = entry.Amounts.PersonalFen + entry.Amounts.WalletFen + entry.Amounts.HeldFen + entry.Amounts.QuotaFen;
        _pocketsFen += fen;
        switch (entry.Kind)
        {
            case EntryKind.PaymentOpened or EntryKind.DrawHeld:
                Must(_parts.Add((entry.Account, entry.Operation)), $"4 outcomes: {entry.Operation} is open on {entry.Account} already");
                break;
            case EntryKind.PaymentMade:
                // All of it is paid out now; relatives' money leaves their accounts after this.
                long wholeFen = ((PaymentTerms)entry.Detail!).Parts.Sum(part => part.AmountFen);
                _creditsFen -= wholeFen;
                _inTransitFen += wholeFen + fen;
                EndPart(entry);
                break;
            case EntryKind.DrawPosted:
                _inTransitFen += fen;
                EndPart(entry);
                break;
            case EntryKind.PaymentAbandoned or EntryKind.DrawVoided:
                EndPart(entry);
                break;
            default:
                _creditsFen += fen;
                break;
        }
    }

    private bool HasParts(string person) => _parts.Any(part => part.Person == person);

    private void EndPart(Entry entry) =>
        Must(_parts.Remove((entry.Account, entry.Operation)), $"4 outcomes: {entry.Operation} is not open on {entry.Account}");
}
