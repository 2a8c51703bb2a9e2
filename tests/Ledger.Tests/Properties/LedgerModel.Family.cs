namespace Gongji.Ledger.Tests;

/// <content>Follows entries of relations and payments by their amounts alone.</content>
internal sealed partial class LedgerModel
{
    private readonly HashSet<(string Person, Guid Operation)> _parts = [];
    private readonly Dictionary<(string Giver, string Recipient), ModelQuota> _quotas = [];
    private readonly Dictionary<(string Giver, Guid Attempt), ModelDraw> _draws = [];
    private readonly Dictionary<Guid, RefundTerms> _refunds = [];

    /// <summary>The quota of one relation. When two persons relate again, the new relation has another quota.</summary>
    private sealed class ModelQuota
    {
        public long GrantedFen;
        public long UsedFen;
    }

    private sealed record ModelDraw(ModelQuota? From, string Recipient, long QuotaFen);

    /// <summary>How often money came back after the relation it was drawn on had been replaced by another one.</summary>
    public int CameBackLater { get; private set; }

    /// <summary>Applies the result of a command that the model does not predict.</summary>
    public void Follow(Entry entry, MemoryLedger ledger)
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
        FollowQuota(entry, ledger);
        switch (entry.Kind)
        {
            case EntryKind.PaymentOpened or EntryKind.DrawHeld:
                Must(_parts.Add((entry.Account, entry.Operation)), $"4 outcomes: {entry.Operation} is open on {entry.Account} already");
                break;
            case EntryKind.PaymentMade:
                // The whole payment counts as paid out now; relatives' money leaves their accounts later.
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

    /// <summary>Follows each relation's quota separately: nothing is drawn beyond it, and only what was drawn from it returns to it.</summary>
    private void FollowQuota(Entry entry, MemoryLedger ledger)
    {
        switch (entry.Detail)
        {
            case RelationTerms terms:
                Must(Allow(ledger, Person(entry.Account).Region, Person(terms.Recipient).Region, terms.Kinship), $"6 limits: {entry.Kind}, which the regions of {entry.Account} and {terms.Recipient} do not allow now");
                (_quotas.GetValueOrDefault((entry.Account, terms.Recipient)) ?? (_quotas[(entry.Account, terms.Recipient)] = new ModelQuota())).GrantedFen = terms.GrantedFen;
                break;
            case DissolvedTerms terms:
                _quotas.Remove((entry.Account, terms.Recipient));
                break;
            case DrawTerms terms:
                ModelQuota? from = _quotas.GetValueOrDefault((entry.Account, terms.Payer));
                _draws[(entry.Account, entry.Operation)] = new ModelDraw(from, terms.Payer, -entry.Amounts.QuotaFen);
                Must(from is not null && (from.UsedFen -= entry.Amounts.QuotaFen) <= from.GrantedFen, $"6 limits: {-entry.Amounts.QuotaFen} drawn of {entry.Account}'s quota for {terms.Payer} of {from?.GrantedFen}");
                break;
            case null when entry.Kind == EntryKind.DrawVoided:
                ComeBack(entry, _draws[(entry.Account, entry.Operation)], _draws[(entry.Account, entry.Operation)].QuotaFen);
                break;
            case RefundTerms terms:
                _refunds[entry.Operation] = terms;
                break;
            case DrawRefundTerms:
                RefundTerms refund = _refunds[entry.Operation];
                ComeBack(entry, _draws[(entry.Account, refund.Attempt)], refund.Parts.Where(part => part.Account == entry.Account && part.Pocket == Pocket.Quota).Sum(part => part.AmountFen));
                break;
            default:
                break;
        }
    }

    private void ComeBack(Entry entry, ModelDraw draw, long quotaFen)
    {
        ModelQuota? there = _quotas.GetValueOrDefault((entry.Account, draw.Recipient));
        bool isSame = there is not null && there == draw.From;
        CameBackLater += there is not null && !isSame && quotaFen > 0 ? 1 : 0;
        Must(entry.Amounts.QuotaFen == (isSame ? quotaFen : 0), $"3 pockets: {entry.Amounts.QuotaFen} of {quotaFen} come back to {entry.Account}'s quota for {draw.Recipient}, which is {(isSame ? "" : "not ")}the one they were drawn from");
        Must(!isSame || (there!.UsedFen -= quotaFen) >= 0, $"3 pockets: more came back to {entry.Account}'s quota for {draw.Recipient} than was used");
    }

    private static bool Allow(MemoryLedger ledger, RegionCode giver, RegionCode recipient, Kinship kinship)
    {
        (RegionRules ours, RegionRules theirs) = (ledger.RulesOf(giver), ledger.RulesOf(recipient));
        return ((int)ours.Live >> TierOf(giver, recipient) & (int)theirs.Live >> TierOf(giver, recipient) & (int)ours.Kinships >> (int)kinship & (int)theirs.Kinships >> (int)kinship & 1) == 1;
    }

    private void EndQuotas(string giver)
    {
        foreach ((string Giver, string Recipient) relation in _quotas.Keys.Where(relation => relation.Giver == giver).ToArray())
        {
            _quotas.Remove(relation);
        }
    }

    private bool HasParts(string person) => _parts.Any(part => part.Person == person);

    private void EndPart(Entry entry) =>
        Must(_parts.Remove((entry.Account, entry.Operation)), $"4 outcomes: {entry.Operation} is not open on {entry.Account}");
}
