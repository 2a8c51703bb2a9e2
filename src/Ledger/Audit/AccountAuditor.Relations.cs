namespace Gongji.Ledger.Audit;

/// <summary>Relations and quotas of one account (invariants 3 and 6). Memory: one account's relations.</summary>
public sealed partial class AccountAuditor
{
    private readonly Dictionary<string, Given> _given = [];
    private readonly HashSet<string> _givers = [];

    /// <param name="Kinship">What the recipient is to the giver.</param>
    /// <param name="IsConsented">Whether the recipient has consented.</param>
    /// <param name="GrantedFen">The quota granted in all.</param>
    /// <param name="UsedFen">What was drawn of it.</param>
    /// <param name="Since">The version of the entry that first proposed it.</param>
    private readonly record struct Given(Kinship Kinship, bool IsConsented, Int128 GrantedFen, Int128 UsedFen, long Since)
    {
        public Int128 LeftFen => GrantedFen - UsedFen;
    }

    private void FoldRelation(Entry entry)
    {
        checks.Limits.Count();
        switch (entry.Detail)
        {
            case RelationTerms terms:
                FoldGiven(entry, terms);
                break;
            case DissolvedTerms terms:
                if (!_given.Remove(terms.Recipient, out Given relation) || relation.LeftFen != entry.Amounts.PersonalFen)
                {
                    checks.Pockets.Violate($"{Name(entry)}: {relation.LeftFen} fen of the quota for {terms.Recipient} were left, {entry.Amounts.PersonalFen} fen return.");
                }

                break;
            case GiverTerms terms when entry.Kind == EntryKind.RelationJoined ? !_givers.Add(terms.Giver) : !_givers.Remove(terms.Giver):
                checks.Limits.Violate($"{Name(entry)}: {EntryKinds.ToText(entry.Kind)}, which {terms.Giver} was already.");
                break;
            case RelativesOrder order:
                if (order.First.Distinct().Count() != order.First.Count || !_givers.IsSupersetOf(order.First))
                {
                    checks.Limits.Violate($"{Name(entry)}: the order {string.Join(", ", order.First)} names somebody twice, or somebody whose money may not be drawn.");
                }

                break;
            default:
                break;
        }
    }

    private void FoldGiven(Entry entry, RelationTerms terms)
    {
        bool isKnown = _given.TryGetValue(terms.Recipient, out Given before);
        bool isConsent = entry.Kind == EntryKind.RelationConsented;
        if (entry.Amounts.QuotaFen != terms.GrantedFen - before.GrantedFen)
        {
            checks.Pockets.Violate($"{Name(entry)}: the quota goes from {before.GrantedFen} to {terms.GrantedFen} fen, the entry has {Text(entry.Amounts)}.");
        }

        if ((!isKnown && entry.Kind != EntryKind.RelationProposed) || (isKnown && before.IsConsented && entry.Kind != EntryKind.QuotaChanged)
            || (isKnown && entry.Kind != EntryKind.RelationProposed && before.Kinship != terms.Kinship) || terms.Recipient == entry.Account)
        {
            checks.Limits.Violate($"{Name(entry)}: {EntryKinds.ToText(entry.Kind)} does not follow from what the relation to {terms.Recipient} was.");
        }

        if (terms.GrantedFen < before.UsedFen)
        {
            checks.Limits.Violate($"{Name(entry)}: a quota of {terms.GrantedFen} fen, of which {before.UsedFen} are used.");
        }

        if (!isConsent && (_insurance != Insurance.Employee || _status != InsuranceStatus.Active))
        {
            checks.Limits.Violate($"{Name(entry)}: a relation given by a person insured as {AuditWords.Of(_insurance, _status)}.");
        }

        _given[terms.Recipient] = new Given(
            terms.Kinship, isConsent || before.IsConsented, terms.GrantedFen, before.UsedFen, isKnown ? before.Since : entry.Version);
    }

    private void EndRelations(Entry entry, Registration registration)
    {
        bool ends = entry.Kind == EntryKind.Moved || (entry.Kind == EntryKind.InsuranceChanged && registration.Status != InsuranceStatus.Active);
        Int128 leftFen = 0;
        if (ends)
        {
            foreach (Given relation in _given.Values)
            {
                leftFen += relation.LeftFen;
            }

            if (!_givers.IsSubsetOf(registration.Leaving ?? []))
            {
                checks.TransferOutcomes.Violate($"{Name(entry)}: not every giver of a relation that ends has to hear of it.");
            }

            _given.Clear();
            _givers.Clear();
        }

        if (leftFen != entry.Amounts.PersonalFen)
        {
            checks.Pockets.Violate($"{Name(entry)}: {leftFen} fen of quotas were left, {entry.Amounts.PersonalFen} fen return.");
        }
    }

    /// <summary>Adds to what was used of a relation's quota. The giver's quotas for others are separate from it, so each is checked by itself.</summary>
    private void Use(Entry entry, string recipient)
    {
        if (entry.Amounts.QuotaFen == 0 || !_given.TryGetValue(recipient, out Given relation))
        {
            return;
        }

        Given used = relation with { UsedFen = relation.UsedFen - entry.Amounts.QuotaFen };
        if (used.LeftFen < 0)
        {
            checks.Limits.Violate($"{Name(entry)}: {-(Int128)entry.Amounts.QuotaFen} fen are drawn of the quota for {recipient}, {relation.LeftFen} fen of it were left.");
        }

        if (used.UsedFen < 0)
        {
            checks.Pockets.Violate($"{Name(entry)}: {entry.Amounts.QuotaFen} fen come back to the quota for {recipient}, {relation.UsedFen} fen of it were used.");
        }

        _given[recipient] = used;
    }

    private void CheckQuota(Entry entry)
    {
        if (entry.Balances.QuotaFen == 0 && _given.Count == 0)
        {
            return;
        }

        Int128 leftFen = 0;
        foreach (Given relation in _given.Values)
        {
            leftFen += relation.LeftFen;
        }

        if (leftFen != entry.Balances.QuotaFen)
        {
            checks.Pockets.Violate($"{Name(entry)}: {leftFen} fen of quotas are left in {_given.Count} relation(s), the balance of quotas is {entry.Balances.QuotaFen}.");
        }
    }

    private void CompleteFamily()
    {
        _given.Clear();
        _givers.Clear();
        _paid.Clear();
        _made.Clear();
        _regions.Clear();
        _credits.Clear();
        _contributions.Clear();
        _drawn.Clear();
    }
}
