namespace Gongji.Ledger;

/// <summary>Mutual-aid relations (共济关系) and quotas (共济额度). A relation is kept on the account of its giver, which has the money.</summary>
public static partial class PersonRules
{
    /// <summary>
    /// Proposes a relation, or changes the quota of an existing one ("part of a giver's account earmarked for one recipient"). The quota is earmarked from the
    /// proposal on, so that the money is there when the recipient consents. It is never lowered below what was used.
    /// </summary>
    /// <param name="state">The giver's account.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="kinship">What the recipient is to the giver.</param>
    /// <param name="quotaFen">The whole quota, in fen; null for none, or for no change.</param>
    /// <param name="other">The recipient's standing.</param>
    /// <param name="giverRules">The rules of the giver's region.</param>
    /// <param name="recipientRules">The rules of the recipient's region.</param>
    /// <param name="now">The time.</param>
    public static Decision PutRelation(
        PersonState state,
        string recipient,
        Kinship kinship,
        long? quotaFen,
        PayeeStanding other,
        RegionRules giverRules,
        RegionRules recipientRules,
        DateTimeOffset now)
    {
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (RefuseRelation(state, recipient, kinship, other, giverRules, recipientRules) is { } refusal)
        {
            return Decision.Refused(refusal.Code, refusal.Detail);
        }

        GivenRelation? before = state.Given.GetValueOrDefault(recipient);
        if (before is { IsConsented: true } && before.Kinship != kinship)
        {
            return Decision.Refused(RefusalCode.WrongState, $"The relation is one to a {KinshipNames.ToText(before.Kinship)}; dissolve it to propose another.");
        }

        long grantedFen = quotaFen ?? before?.GrantedFen ?? 0;
        if (before is not null && before.Kinship == kinship && before.GrantedFen == grantedFen)
        {
            return Decision.Nothing;
        }

        if (grantedFen < before?.UsedFen)
        {
            return Decision.Refused(RefusalCode.WrongState, Text($"{before.UsedFen} fen of the quota are used; it cannot be lowered to {grantedFen}."));
        }

        long moreFen = grantedFen - (before?.GrantedFen ?? 0);
        if (moreFen > state.Balances.PersonalFen)
        {
            return Decision.Refused(RefusalCode.InsufficientFunds, Text($"{moreFen} fen are to be earmarked, but {state.Balances.PersonalFen} fen are available in the giver's personal account."));
        }

        return before is null && state.Given.Count >= Limits.RelationsMax
            ? Decision.Refused(RefusalCode.WrongState, Text($"A person can give {Limits.RelationsMax} relations at most."))
            : Decision.Append(Next(
                state,
                before is { IsConsented: true } ? EntryKind.QuotaChanged : EntryKind.RelationProposed,
                now,
                new RelationTerms(recipient, kinship, grantedFen),
                new Amounts(-moreFen, 0, 0, moreFen)));
    }

    /// <summary>
    /// Records the recipient's consent on the giver's account: from now on money can be drawn. A proposal may have waited for a long time, so both regions'
    /// rules are checked again. A relation that both already consent to stays.
    /// </summary>
    /// <param name="state">The giver's account.</param>
    /// <param name="recipient">The recipient, who consents.</param>
    /// <param name="other">Where the recipient is insured.</param>
    /// <param name="giverRules">The rules of the giver's region.</param>
    /// <param name="recipientRules">The rules of the recipient's region.</param>
    /// <param name="now">The time.</param>
    public static Decision ConsentRelation(
        PersonState state, string recipient, RegionCode other, RegionRules giverRules, RegionRules recipientRules, DateTimeOffset now) =>
        !state.Given.TryGetValue(recipient, out GivenRelation? relation) ? NoRelation(state.Person, recipient)
        : relation.IsConsented ? Decision.Nothing
        : RefuseAid(state, relation.Kinship, other, giverRules, recipientRules) is { } refusal ? Decision.Refused(refusal.Code, refusal.Detail)
        : Decision.Append(Next(state, EntryKind.RelationConsented, now, new RelationTerms(recipient, relation.Kinship, relation.GrantedFen)));

    /// <summary>Ends a relation on its giver's account; what is left of the quota goes back ("dissolved by either").</summary>
    /// <param name="state">The giver's account.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">The version of the entry that first proposed it: a relation that the two have made since stays. Null: whichever there is.</param>
    public static Decision DissolveRelation(PersonState state, string recipient, DateTimeOffset now, long? since = null) =>
        !state.IsRegistered ? NoSuchPerson(state)
        : state.Given.TryGetValue(recipient, out GivenRelation? relation) && (since is null || since == relation.Since)
            ? Decision.Append(Next(
                state, EntryKind.RelationDissolved, now, new DissolvedTerms(recipient), new Amounts(relation.LeftFen, 0, 0, -relation.LeftFen)))
        : Decision.Nothing;

    /// <summary>Records on the recipient's side that this giver's money may be drawn, once the giver's account has the consent.</summary>
    public static Decision JoinRelation(PersonState state, string giver, DateTimeOffset now)
    {
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (state.Givers.Contains(giver))
        {
            return Decision.Nothing;
        }

        if (state.Leaving.Contains(giver))
        {
            return Decision.Refused(RefusalCode.WrongState, $"An earlier relation with {giver} is just ending; ask again.");
        }

        if (state.Status != InsuranceStatus.Active)
        {
            return Decision.Refused(RefusalCode.NotInsured, "The recipient must be insured.");
        }

        return state.Givers.Count >= Limits.RelationsMax
            ? Decision.Refused(RefusalCode.WrongState, Text($"A person can be the recipient of {Limits.RelationsMax} relations at most."))
            : Decision.Append(Next(state, EntryKind.RelationJoined, now, new GiverTerms(giver)));
    }

    /// <summary>Records on the recipient's side that a relation has ended.</summary>
    public static Decision LeaveRelation(PersonState state, string giver, DateTimeOffset now) =>
        !state.IsRegistered ? NoSuchPerson(state)
        : state.Givers.Contains(giver) ? Decision.Append(Next(state, EntryKind.RelationLeft, now, new GiverTerms(giver)))
        : Decision.Nothing;

    /// <summary>
    /// Sets the order in which relatives' money is drawn ("unquota'd draws on relatives' accounts in the order the person set"; here the order applies to quotas too, which
    /// come first). Naming nobody restores the order in which the relations were made. A relation that still waits for consent may be named.
    /// </summary>
    /// <param name="state">The recipient's account.</param>
    /// <param name="first">Givers, each once: the code that read the order should have checked that.</param>
    /// <param name="now">The time.</param>
    public static Decision OrderRelatives(PersonState state, IReadOnlyList<string> first, DateTimeOffset now) =>
        !state.IsRegistered ? NoSuchPerson(state)
        : first.FirstOrDefault(giver => !state.Givers.Contains(giver)) is { } stranger ? NoRelation(stranger, state.Person)
        : first.SequenceEqual(state.FirstGivers) ? Decision.Nothing
        : Decision.Append(Next(state, EntryKind.RelativesOrdered, now, new RelativesOrder(first)));

    /// <summary>Records that everybody concerned has been told of a move or of the end of the insurance.</summary>
    public static Decision EndLeaving(PersonState state, Guid operation, DateTimeOffset now) =>
        Decision.Append(Next(state, operation, Leg.Outcome, EntryKind.RelationsEnded, Amounts.Zero, state.TimeFor(now), null));

    /// <summary>An entry that ends all relations of a person. Those that they give end in this entry; it names everybody who has to be told.</summary>
    private static Decision EndRelations(PersonState state, EntryKind kind, Registration asked, DateTimeOffset now)
    {
        string[] leaving = [.. state.Leaving.Concat(state.Givers).Concat(state.Given.Keys).Distinct()];
        long earmarkedFen = state.EarmarkedFen;
        return Decision.Append(Next(
            state, kind, now, asked with { Leaving = leaving.Length == 0 ? null : leaving }, new Amounts(earmarkedFen, 0, 0, -earmarkedFen)));
    }

    private static Refusal? RefuseRelation(
        PersonState state, string recipient, Kinship kinship, PayeeStanding other, RegionRules giverRules, RegionRules recipientRules)
    {
        if (state.Person == recipient)
        {
            return new(RefusalCode.SamePerson, "Giver and recipient are the same person.");
        }

        if (state.Insurance != Insurance.Employee || state.Status != InsuranceStatus.Active)
        {
            return new(RefusalCode.NotInsured, "Personal-account money can only be given by an insured employee.");
        }

        if (!other.Insured)
        {
            return new(RefusalCode.NotInsured, "The recipient must be insured.");
        }

        return RefuseAid(state, kinship, other.Region, giverRules, recipientRules);
    }

    /// <summary>The refusal unless both regions are live for aid between them and allow it to such a relative.</summary>
    private static Refusal? RefuseAid(PersonState state, Kinship kinship, RegionCode other, RegionRules giverRules, RegionRules recipientRules) =>
        RefuseTier(state.Region, other, giverRules, recipientRules) ?? RefuseKinship((state.Region, giverRules), (other, recipientRules), kinship, "aid");

    private static Decision NoRelation(string giver, string recipient) =>
        Decision.Refused(RefusalCode.NoRelation, $"There is no relation from {giver} to {recipient}.");
}
