using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>What relations, payments and contributions leave in an account. Most persons have little of it, so it is allocated only when needed.</summary>
public sealed partial class PersonState
{
    private static readonly Dictionary<string, GivenRelation> NoRelations = [];

    private Dictionary<string, GivenRelation>? _given;
    private List<string>? _givers;
    private string[]? _first;
    private Dictionary<ContributionYear, Guid>? _contributions;
    private Dictionary<Guid, long[]>? _reversed;

    /// <summary>The relations that this person gives, by recipient.</summary>
    public IReadOnlyDictionary<string, GivenRelation> Given => _given ?? NoRelations;

    /// <summary>The givers whose money this person may draw, in the order in which the relations were made. Each giver's account has the last word.</summary>
    public IReadOnlyList<string> Givers => _givers ?? [];

    /// <summary>The givers that this person has named to be drawn on before all others; empty if they have named none.</summary>
    public IReadOnlyList<string> FirstGivers => _first ?? [];

    /// <summary>
    /// The givers in the order in which their money is drawn ("in the order the person set; assumed default: the order in which the relations were made").
    /// Givers who are not named follow those who are.
    /// </summary>
    public IReadOnlyList<string> GiversInOrder => _first is null ? Givers : [.. _first, .. Givers.Except(_first)];

    /// <summary>The operation of the entry that ended relations, while not everybody concerned has been told; otherwise null.</summary>
    public Guid? LeavingIn { get; private set; }

    /// <summary>The persons who have to be told of it.</summary>
    public IReadOnlyList<string> Leaving { get; private set; } = [];

    /// <summary>The operation that paid a contribution of this person, or is about to; null when there is none.</summary>
    public Guid? PaidBy(ContributionYear contribution) =>
        _contributions is not null && _contributions.TryGetValue(contribution, out Guid operation) ? operation : null;

    /// <summary>What was taken back of a part of an operation, in fen: by refunds of a payment, or by corrections of a credit.</summary>
    /// <param name="operation">The payment's attempt, or the credit.</param>
    /// <param name="part">The place of the part.</param>
    public long ReversedFen(Guid operation, int part) =>
        _reversed is not null && _reversed.TryGetValue(operation, out long[]? parts) && part < parts.Length ? parts[part] : 0;

    /// <summary>Money earmarked for relatives, summed over the relations, in fen.</summary>
    public long EarmarkedFen => _given is null ? 0 : _given.Values.Aggregate(0L, (sum, relation) => checked(sum + relation.LeftFen));

    private void ApplyPayment(Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Paid:
                Claim(DetailOf<PaymentTerms>(entry).Bill, entry.Operation);
                break;
            case EntryKind.PaymentOpened:
                PaymentTerms terms = DetailOf<PaymentTerms>(entry);
                Put(new OpenHold(entry.Operation, entry.Amounts.Taken, Person, AutoAccept: true, BusinessTime.NextReturnAfter(entry.At), entry.Version), entry.Version);
                Claim(terms.Bill, entry.Operation);
                break;
            default:
                RemoveHold(entry);
                if (entry.Kind == EntryKind.PaymentAbandoned)
                {
                    Unclaim(entry.Operation);
                }

                break;
        }
    }

    private void ApplyDraw(Entry entry)
    {
        if (entry.Kind == EntryKind.DrawHeld)
        {
            DrawTerms terms = DetailOf<DrawTerms>(entry);
            Put(new OpenHold(entry.Operation, entry.Amounts.Taken, terms.Payer, AutoAccept: true, BusinessTime.NextReturnAfter(entry.At), entry.Version), entry.Version);
            Use(terms.Payer, -entry.Amounts.QuotaFen);
            return;
        }

        OpenHold hold = RemoveHold(entry);
        Use(hold.Payee, -entry.Amounts.QuotaFen);
    }

    private void ApplyContribution(Entry entry, ContributionYear contribution)
    {
        if (entry.Kind == EntryKind.ContributionClaimed)
        {
            (_contributions ??= [])[contribution] = entry.Operation;
        }
        else
        {
            _contributions?.Remove(contribution);
        }
    }

    private void ApplyReversal(Entry entry)
    {
        switch (entry.Detail)
        {
            case RefundTerms terms:
                for (int i = 0; i < terms.Parts.Count; i++)
                {
                    Reverse(terms.Attempt, terms.Indexes[i], terms.Parts[i].AmountFen);
                }

                if (terms.Released)
                {
                    Unclaim(terms.Attempt);
                }

                break;
            case CorrectionTerms terms:
                Reverse(terms.Credit, 0, -entry.Amounts.PersonalFen);
                break;
            case DrawRefundTerms terms:
                Use(terms.Payer, -entry.Amounts.QuotaFen);
                break;
            default:
                throw LacksDetail(entry);
        }
    }

    private void ApplyRelation(Entry entry)
    {
        switch (entry.Detail)
        {
            case RelationTerms terms:
                GivenRelation? before = Given.GetValueOrDefault(terms.Recipient);
                if (entry.Kind == EntryKind.QuotaChanged && before is null)
                {
                    throw new InvalidOperationException($"{PlaceOf(entry)} changes the quota of a relation that is none.");
                }

                bool isConsented = entry.Kind == EntryKind.RelationConsented || (entry.Kind == EntryKind.QuotaChanged && before!.IsConsented);
                (_given ??= [])[terms.Recipient] = new GivenRelation(
                    terms.Recipient, terms.Kinship, isConsented, terms.GrantedFen, before?.UsedFen ?? 0, before?.Since ?? entry.Version);
                break;
            case DissolvedTerms terms:
                _given?.Remove(terms.Recipient);
                break;
            case GiverTerms terms when entry.Kind == EntryKind.RelationJoined:
                (_givers ??= []).Add(terms.Giver);
                break;
            case GiverTerms terms:
                _givers?.Remove(terms.Giver);
                Prefer([.. FirstGivers.Where(giver => giver != terms.Giver)]);
                break;
            case RelativesOrder order when entry.Kind == EntryKind.RelativesOrdered:
                Prefer([.. order.First]);
                break;
            case null when entry.Kind == EntryKind.RelationsEnded:
                // Otherwise a later move has named everybody whom this one had not reached yet, and they are still to be told of that one.
                (LeavingIn, Leaving) = entry.Operation == LeavingIn ? (null, []) : (LeavingIn, Leaving);
                break;
            default:
                throw LacksDetail(entry);
        }
    }

    /// <summary>A move, or the end of the insurance, ends all relations.</summary>
    private void EndRelations(Entry entry, Registration registration)
    {
        if (entry.Kind == EntryKind.Moved || registration.Status != InsuranceStatus.Active)
        {
            (_given, _givers, _first) = (null, null, null);
        }

        if (registration.Leaving is { } leaving)
        {
            (LeavingIn, Leaving) = (entry.Operation, leaving);
        }
    }

    private void Prefer(string[] first) => _first = first.Length == 0 ? null : first;

    private void Use(string recipient, long fen)
    {
        if (fen != 0 && Given.TryGetValue(recipient, out GivenRelation? relation))
        {
            _given![recipient] = relation with { UsedFen = checked(relation.UsedFen + fen) };
        }
    }

    private void Claim(Bill bill, Guid operation)
    {
        if (bill.Contribution is { } contribution && bill.Beneficiary == Person)
        {
            (_contributions ??= [])[contribution] = operation;
        }
    }

    private void Unclaim(Guid operation)
    {
        foreach (ContributionYear contribution in _contributions?.Where(paid => paid.Value == operation).Select(paid => paid.Key).ToArray() ?? [])
        {
            _contributions!.Remove(contribution);
        }
    }

    private void Reverse(Guid operation, int part, long fen)
    {
        long[] parts = (_reversed ??= []).GetValueOrDefault(operation) ?? [];
        if (part >= parts.Length)
        {
            Array.Resize(ref parts, part + 1);
        }

        parts[part] = checked(parts[part] + fen);
        _reversed[operation] = parts;
    }

    private FamilySnapshot? ToFamilySnapshot() => _given is null && _givers is null && _contributions is null && _reversed is null && LeavingIn is null
        ? null
        : new FamilySnapshot(
            [.. Given.Values],
            Givers,
            LeavingIn,
            Leaving,
            [.. (_contributions ?? []).Select(paid => new PaidContribution(paid.Key, paid.Value))],
            [.. (_reversed ?? []).Select(reversed => new ReversedOperation(reversed.Key, reversed.Value))],
            _first);

    private void TakeFamily(FamilySnapshot? snapshot)
    {
        if (snapshot is null)
        {
            return;
        }

        _given = snapshot.Given.Count == 0 ? null : snapshot.Given.ToDictionary(relation => relation.Recipient);
        _givers = snapshot.Givers.Count == 0 ? null : [.. snapshot.Givers];
        Prefer([.. snapshot.FirstGivers ?? []]);
        (LeavingIn, Leaving) = (snapshot.LeavingIn, snapshot.Leaving);
        _contributions = snapshot.Contributions.Count == 0 ? null : snapshot.Contributions.ToDictionary(paid => paid.Contribution, paid => paid.Operation);
        _reversed = snapshot.Reversed.Count == 0 ? null : snapshot.Reversed.ToDictionary(reversed => reversed.Operation, reversed => reversed.Parts.ToArray());
    }
}

/// <summary>The part of a snapshot that most accounts lack.</summary>
public sealed record FamilySnapshot(
    IReadOnlyList<GivenRelation> Given,
    IReadOnlyList<string> Givers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Guid? LeavingIn,
    IReadOnlyList<string> Leaving,
    IReadOnlyList<PaidContribution> Contributions,
    IReadOnlyList<ReversedOperation> Reversed,
    IReadOnlyList<string>? FirstGivers = null)
{
    /// <summary>The same snapshot with unordered content in a fixed order; null when it is empty.</summary>
    internal FamilySnapshot? InOrder() => Given.Count + Givers.Count + Leaving.Count + Contributions.Count + Reversed.Count + (FirstGivers?.Count ?? 0) == 0 && LeavingIn is null
        ? null
        : this with
        {
            Given = [.. Given.OrderBy(relation => relation.Recipient, StringComparer.Ordinal)],
            Contributions = [.. Contributions.OrderBy(paid => paid.Operation).ThenBy(paid => paid.Contribution.ToString(), StringComparer.Ordinal)],
            Reversed = [.. Reversed.OrderBy(reversed => reversed.Operation)],
            FirstGivers = FirstGivers is { Count: > 0 } ? FirstGivers : null,
        };
}

/// <summary>A contribution and the operation that paid it.</summary>
public sealed record PaidContribution(ContributionYear Contribution, Guid Operation);

/// <summary>What was taken back of an operation, by part, in fen.</summary>
public sealed record ReversedOperation(Guid Operation, IReadOnlyList<long> Parts);
