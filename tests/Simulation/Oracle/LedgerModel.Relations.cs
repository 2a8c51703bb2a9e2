using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Relations and quotas.</summary>
internal sealed partial class LedgerModel
{
    private readonly Dictionary<(string Giver, string Recipient), long> _consents = [];

    /// <summary>
    /// Records that a recipient starts to consent. A request may be delivered twice, the second time late, so its effect is judged by the rules since
    /// the first request for this pair.
    /// </summary>
    public void BeginConsent(string giver, string recipient, long beganAt) => _consents.TryAdd((giver, recipient), beganAt);

    private bool MayConsent(string giver, string recipient, int region, Kinship kinship) =>
        _consents.TryGetValue((giver, recipient), out long since) && RegionOf(region) is { } mine
        && AccountOf(recipient).Versions.Select(version => version.Region).Distinct().Any(place => RegionOf(place) is { } theirs
            && mine.RulesSince(since).Any(ours => theirs.RulesSince(since).Any(other =>
                ((int)(ours.Live & other.Live) >> (int)TierOf(region, place) & (int)(ours.Kinships & other.Kinships) >> (int)kinship & 1) == 1)));

    private ModelVersion TakeRelation(Entry entry, ModelVersion before, ModelVersion after)
    {
        ModelFamily family = before.Family;
        switch (entry.Detail)
        {
            case RelationTerms terms:
                return after with { Family = family with { Given = family.Given.SetItem(terms.Recipient, TakeGiven(entry, terms, before)) } };
            case DissolvedTerms terms:
                if (!family.Given.TryGetValue(terms.Recipient, out ModelRelation? relation) || entry.Amounts != new Amounts(relation.LeftFen, 0, 0, -relation.LeftFen))
                {
                    Fail("limits", entry, $"{entry.Amounts} returns of {relation?.LeftFen} fen that are left.");
                }

                core.Coverage.Hit(CoveragePoint.RelationDissolved);
                return after with { Family = family with { Given = family.Given.Remove(terms.Recipient) } };
            case GiverTerms terms:
                RequireNoMoney(entry);
                bool joins = entry.Kind == EntryKind.RelationJoined;
                if (family.Givers.Contains(terms.Giver) == joins || (joins && !before.IsActive))
                {
                    Fail("limits", entry, $"{entry.Kind}, with the givers {string.Join(", ", family.Givers)}.");
                }

                return after with
                {
                    Family = joins
                        ? family with { Givers = family.Givers.Add(terms.Giver) }
                        : family with { Givers = family.Givers.Remove(terms.Giver), First = family.First.Remove(terms.Giver) },
                };
            case RelativesOrder order:
                RequireNoMoney(entry);
                if (order.First.Except(family.Givers).Any() || order.First.Distinct().Count() != order.First.Count || order.First.SequenceEqual(family.First))
                {
                    Fail("limits", entry, $"the order {string.Join(", ", order.First)} of the givers {string.Join(", ", family.Givers)}.");
                }

                core.Coverage.Hit(CoveragePoint.RelativesOrdered);
                return after with { Family = family with { First = [.. order.First] } };
            default:
                RequireNoMoney(entry);
                core.Coverage.Hit(CoveragePoint.RelationsEnded);
                return after;
        }
    }

    private ModelRelation TakeGiven(Entry entry, RelationTerms terms, ModelVersion before)
    {
        ModelRelation? was = before.Family.Given.GetValueOrDefault(terms.Recipient);
        long moreFen = terms.GrantedFen - (was?.GrantedFen ?? 0);
        string? broken =
            entry.Amounts != new Amounts(-moreFen, 0, 0, moreFen) ? $"the quota grows by {moreFen} fen, the entry has {entry.Amounts}"
            : terms.GrantedFen < (was?.UsedFen ?? 0) ? "the quota is less than was used"
            : terms.Recipient == entry.Account ? "to oneself"
            : entry.Kind == EntryKind.RelationConsented && !MayConsent(entry.Account, terms.Recipient, before.Region, terms.Kinship) ? "not consented to, or not allowed by both regions since"
            : entry.Kind != EntryKind.RelationConsented && !(before.IsEmployee && before.IsActive) ? "given by somebody who is no insured employee"
            : entry.Kind == EntryKind.RelationProposed && was is { IsConsented: true } ? "there is a relation already"
            : entry.Kind != EntryKind.RelationProposed && (was is null || was.Kinship != terms.Kinship) ? "there is no such relation"
            : entry.Kind == EntryKind.RelationConsented == (was?.IsConsented ?? true) && entry.Kind != EntryKind.RelationProposed ? "not from where it stood"
            : null;
        if (broken is not null)
        {
            Fail("limits", entry, $"{broken}.");
        }

        core.Coverage.Hit(entry.Kind switch
        {
            EntryKind.RelationProposed => CoveragePoint.RelationProposed,
            EntryKind.RelationConsented => CoveragePoint.RelationConsented,
            _ => moreFen > 0 ? CoveragePoint.QuotaRaised : CoveragePoint.QuotaLowered,
        });
        return new ModelRelation(terms.Kinship, entry.Kind == EntryKind.RelationConsented || (was?.IsConsented ?? false), terms.GrantedFen, was?.UsedFen ?? 0, was?.Since ?? entry.Version);
    }

    /// <summary>A move or the end of the insurance ends all relations; the quotas return in the same entry.</summary>
    private ModelVersion EndRelations(Entry entry, Registration registration, ModelVersion before, ModelVersion after)
    {
        bool ends = before.IsRegistered && (before.Region != registration.Region.Value || registration.Status != InsuranceStatus.Active);
        long leftFen = ends ? before.Family.EarmarkedFen : 0;
        if (entry.Amounts != new Amounts(leftFen, 0, 0, -leftFen) || (ends && before.Family.Givers.Except(registration.Leaving ?? []).Any()))
        {
            Fail("limits", entry, $"{entry.Amounts} returns of {leftFen} fen, and {registration.Leaving?.Count ?? 0} of {before.Family.Givers.Count} givers have to hear of it.");
        }

        if (leftFen > 0)
        {
            core.Coverage.Hit(CoveragePoint.QuotaReturnedByMove);
        }

        return ends ? after with { Family = after.Family with { Given = ModelFamily.None.Given, Givers = [], First = [] } } : after;
    }

    private ModelVersion TakeWalletClosed(Entry entry, ModelVersion before, ModelVersion after)
    {
        RequireNoMoney(entry);
        if (!before.HasWallet || before.WalletFen > 0 || before.OpenHolds > 0)
        {
            Fail("limits", entry, $"a wallet is closed with {before.WalletFen} fen in it and {before.OpenHolds} open holds.");
        }

        core.Coverage.Hit(CoveragePoint.WalletClosed);
        return after with { HasWallet = false, AutoAccepts = false, UsePlace = 0, OpenedBy = null };
    }
}
