using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <content>Damage to relations, payments, refunds, contributions and corrections.</content>
internal static partial class DamageCases
{
    private static RegionCode Guangzhou => RegionCode.Parse("440100");
    private static RegionCode Foshan => RegionCode.Parse("440600");
    private static Leg First => Legs.Part(0);
    private static Leg FirstEnd => Legs.PartOutcome(0);

    private static Dictionary<string, (string Violated, Action<Damage> Do)> OfPayments => new()
    {
        // Parts of payments
        ["a part is drawn twice"] = (Join(Pockets, Outcomes, Limits), damage => damage.Add(damage.Of(Story.Drawn, First))),
        ["a part leaves twice"] = (Join(Conservation, Pockets, Outcomes, Regions), damage => damage.Add(damage.Of(Story.Drawn, FirstEnd))),
        ["a payment is made with a part missing"] = (Join(Conservation, Outcomes, Regions), damage => { damage.Remove(damage.Of(Story.Drawn, Legs.Part(1))); damage.Remove(damage.Of(Story.Drawn, Legs.PartOutcome(1))); }
        ),
        ["a part is less than was planned"] = (Join(Conservation, Outcomes, Regions), damage => { damage.Forge(Story.Drawn, Legs.Part(1), entry => entry with { Amounts = new(-38_999, 0, 38_999, 0) }); damage.Forge(Story.Drawn, Legs.PartOutcome(1), entry => entry with { Amounts = new(0, 0, -38_999, 0) }); }
        ),
        ["a part is drawn by somebody else"] = (Join(Outcomes, Limits), damage => damage.Change(Story.Drawn, Legs.Part(1), entry => entry with { Detail = ((DrawTerms)entry.Detail!) with { Payer = "nephew" } })),
        ["a part is drawn in another region"] = (Join(Outcomes, Limits), damage => damage.Change(Story.Drawn, Legs.Part(1), entry => entry with { Detail = ((DrawTerms)entry.Detail!) with { Region = Nanjing } })),
        ["a part of somebody who has none"] = (Join(Conservation, Outcomes, Regions, Limits), damage => damage.Forge(Story.MadeNotPosted, First, entry => entry with { Account = "uncle", Amounts = new(-2_000, 0, 2_000, 0) })),
        ["a part ends before the decision"] = (Join(Conservation, Outcomes, Regions), damage => damage.Add(damage.Of(Story.MadeNotPosted, First) with { Operation = Story.Undecided, Leg = FirstEnd, Kind = EntryKind.DrawPosted, Amounts = new(0, 0, -3_000, 0), Detail = null })),
        ["a part comes back though the payment is made"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.Drawn, Legs.PartOutcome(1), entry => entry with { Kind = EntryKind.DrawVoided, Amounts = new(39_000, 0, -39_000, 0) })),
        ["a part leaves though the payment is abandoned"] = (Join(Conservation, Outcomes, Regions, Limits), damage => damage.Forge(Story.DrawVoided, FirstEnd, entry => entry with { Kind = EntryKind.DrawPosted, Amounts = new(0, 0, -1_500, 0) })),
        ["a draw without a relation"] = (Join(Outcomes, Limits), damage => damage.Add(damage.Of(Story.Undecided, First) with { Account = "daughter", Operation = Id(900), Amounts = new(-5, 0, 5, 0), Detail = ((DrawTerms)damage.Of(Story.Undecided, First).Detail!) with { Region = Suzhou } })),

        // Decisions
        ["a payment is decided twice"] = (Outcomes, damage => damage.Add(damage.Of(Story.Drawn, Leg.Answer) with { Kind = EntryKind.PaymentAbandoned, Amounts = default, Detail = null })),
        ["a payment is made with other parts than it was opened with"] = (Join(Conservation, Outcomes, Regions), damage => damage.Change(Story.Drawn, Leg.Answer, entry => entry with { Detail = WithParts(entry, parts => [parts[0], parts[1], parts[2] with { AmountFen = 39_001 }]) })),
        ["a payment is made that was not opened"] = (Join(Pockets, Outcomes), damage => damage.Remove(damage.Of(Story.Drawn))),
        ["a payment takes less than its own part"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.PaidAlone, Leg.Opening, entry => entry with { Amounts = new(-99, 0, 0, 0) })),
        ["a payment is there twice"] = (Outcomes, damage => damage.Add(damage.Of(Story.PaidAlone))),
        ["a payment does not add up"] = (Outcomes, damage => damage.Change(Story.PaidAlone, Leg.Opening, entry => entry with { Detail = ((PaymentTerms)entry.Detail!) with { AmountFen = 101 } })),
        ["cash that was not allowed"] = (Outcomes, damage => damage.Change(Story.PaidAlone, Leg.Opening, entry => entry with { Detail = ((PaymentTerms)entry.Detail!) with { AmountFen = 107, CashFen = 7 } })),
        ["cash past what can be added up"] = (Outcomes, damage => damage.Change(Story.PaidAlone, Leg.Opening, entry => entry with { Detail = ((PaymentTerms)entry.Detail!) with { AllowCash = true, CashFen = long.MaxValue } })),
        ["a payment of another region"] = (Regions, damage => damage.Change(Story.PaidAlone, Leg.Opening, entry => entry with { Detail = WithParts(entry, parts => [parts[0] with { Region = Nanjing }]) })),
        ["a payment of a purpose that is none"] = (Join(Conservation, Continuity, Outcomes, Regions), damage => damage.ChangeEverywhere(damage.Of(Story.PaidAlone), entry => entry with { Detail = WithBill(entry, bill => bill with { Purpose = (PaymentPurpose)99 }) })),
        ["a part of a pocket that is none"] = (Join(Continuity, Pockets, Outcomes, Regions), damage => damage.Change(Story.Drawn, Leg.Opening, entry => entry with { Detail = WithParts(entry, parts => [parts[0], parts[1], parts[2] with { Pocket = (Pocket)99 }]) })),

        ["a payment is made twice, by two attempts"] = (Outcomes, damage => damage.Add(damage.Of(Story.PaidAlone) with { Operation = PersonRules.AttemptId(Story.PaidAlone, 1) })),

        // Refunds
        ["more is refunded than was paid"] = (Outcomes, damage => damage.Forge(Story.PaidAloneBack, Leg.Opening, entry => entry with { Amounts = new(101, 0, 0, 0), Detail = WithRefunded(entry, parts => [parts[0] with { AmountFen = 101 }]) })),
        ["a refund is there twice"] = (Outcomes, damage => { damage.Add(damage.Of(Story.PaidAloneBack) with { Operation = Id(900) }); damage.Add(damage.Of(Story.PaidAloneBack) with { Operation = Id(901) }); }
        ),
        ["a refund is there twice under its own id"] = (Outcomes, damage => damage.Add(damage.Of(Story.PaidAloneBack))),
        ["a refund goes to somebody else"] = (Outcomes, RefundToAunt),
        ["a refund goes to another pocket"] = (Outcomes, damage => damage.Forge(Story.PaidAloneBack, Leg.Opening, entry => entry with { Amounts = new(0, 40, 0, 0), Detail = WithRefunded(entry, parts => [parts[0] with { Pocket = Pocket.Wallet }]) })),
        ["a refund is of another bill"] = (Outcomes, damage => ChangeRefund(damage, Story.PaidAloneBack, terms => terms with { Bill = terms.Bill with { Purpose = PaymentPurpose.Pharmacy } })),
        ["a refund is of another payment than its attempt"] = (Outcomes, damage => ChangeRefund(damage, Story.PaidAloneBack, terms => terms with { Payment = Id(900) })),
        ["a refund is of another institution"] = (Outcomes, damage => ChangeRefund(damage, Story.PaidAloneBack, terms => terms with { Institution = "H32050000009" })),
        ["a refund of no institution"] = (Outcomes, damage => ChangeRefund(damage, Story.PaidAloneBack, terms => terms with { Institution = null })),
        ["a refund is booked where the payer is not"] = (Regions, damage => ChangeRefund(damage, Story.PaidAloneBack, terms => terms with { Parts = [terms.Parts[0] with { Region = Guangzhou }] })),
        ["a refund is booked where a relative never was"] = (Regions, damage => BookElsewhere(damage, Nanjing)),
        ["a refund begins with what was used first"] = (Outcomes, RefundOfFirstUsed),
        ["a contribution is released that is not whole back"] = (Outcomes, damage => damage.Forge(Story.ForNieceTooBack, Leg.Opening, entry => entry with { Amounts = new(299, 0, 0, 0), Detail = WithRefunded(entry, parts => [parts[0] with { AmountFen = 299 }]) })),
        ["a contribution is whole back and not released"] = (Outcomes, damage => { ChangeRefund(damage, Story.ForNieceTooBack, terms => terms with { Released = false }); damage.Remove(damage.Of(Story.ForNieceTooBack, First)); }
        ),
        ["a refund of nothing that was paid"] = (Outcomes, damage => damage.Change(Story.PaidAloneBack, Leg.Opening, entry => entry with { Detail = ((RefundTerms)entry.Detail!) with { Attempt = Id(900) } })),
        ["a refund gives another amount than it says"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.PaidAloneBack, Leg.Opening, entry => entry with { Amounts = new(41, 0, 0, 0) })),
        ["a refund of a part that is none"] = (Outcomes, damage => damage.Change(Story.PaidAloneBack, Leg.Opening, entry => entry with { Detail = ((RefundTerms)entry.Detail!) with { Indexes = [7] } })),
        ["a relative gets another amount back"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.DrawnBack, First, entry => entry with { Amounts = new(39_001, 0, 0, 0) })),
        ["a relative gets the money of another payment back"] = (Outcomes, damage => damage.Change(Story.DrawnBack, First, entry => entry with { Detail = ((DrawRefundTerms)entry.Detail!) with { Attempt = Story.Undecided } })),
        ["a relative gets it twice"] = (Join(Conservation, Outcomes, Regions), damage => damage.Add(damage.Of(Story.DrawnBack, First))),
        ["a refund is done before everybody has their part"] = (Outcomes, damage => damage.Remove(damage.Of(Story.DrawnBack, First))),
        ["a refund is not known to be done"] = (Outcomes, damage => damage.Image.HoldIndex.Add(new(Story.DrawnBack, Leg.Opening, "niece", Noon, Noon, true))),
        ["an open payment is not in the index"] = (Outcomes, damage => damage.Image.HoldIndex.RemoveAll(hold => hold.Operation == Story.Undecided && hold.Leg == Leg.Opening)),
        ["an open part is not in the index"] = (Outcomes, damage => damage.Image.HoldIndex.RemoveAll(hold => hold.Operation == Story.Undecided && hold.Leg == First)),

        // Contributions
        ["a contribution is paid twice"] = (Limits, damage => damage.Add(damage.Of(Story.OwnContribution) with { Operation = Id(900), Detail = ((PaymentTerms)damage.Of(Story.OwnContribution).Detail!) with { Payment = Id(900) } })),
        ["a contribution is claimed twice"] = (Join(Outcomes, Limits), damage => damage.Add(damage.Of(Story.ForNiece, First) with { Operation = Id(900) })),
        ["a contribution is kept that was not claimed"] = (Outcomes, damage => damage.Remove(damage.Of(Story.ForNiece, First))),
        ["a contribution is released that was not paid"] = (Outcomes, damage => damage.Add(damage.Of(Story.ForNieceTooBack, First) with { Operation = Id(900) })),
        ["a contribution is kept though its payment is abandoned"] = (Join(Outcomes, Limits), damage => damage.Change(Story.Abandoned, FirstEnd, entry => entry with { Kind = EntryKind.ContributionKept })),

        ["a contribution is paid for somebody to whom there is no relation"] = (Limits, damage => PayAnotherYear(damage, "father", Zhengzhou)),
        ["a contribution is paid for somebody with the personal account of a resident"] = (Limits, PayAsResident),
        ["a contribution is paid in a region where its claim is not"] = (Outcomes, damage => BillElsewhere(damage, Nanjing)),
        ["a contribution is paid in a region where the beneficiary is not"] = (Regions, damage => { BillElsewhere(damage, Nanjing); damage.Change(Story.ForNiece, First, entry => entry with { Detail = ((ContributionTerms)entry.Detail!) with { Region = Nanjing } }); }
        ),

        // Corrections
        ["a correction is there twice"] = (Outcomes, damage => damage.Add(damage.Of(Story.Correction))),
        ["a correction of a credit that is none"] = (Limits, damage => damage.Change(Story.Correction, Leg.Opening, entry => entry with { Detail = ((CorrectionTerms)entry.Detail!) with { Credit = Id(900) } })),
        ["a credit is corrected below nothing"] = (Join(Pockets, Limits), damage => damage.Forge(Story.Correction, Leg.Opening, entry => entry with { Amounts = new(-100_001, 0, 0, 0) })),

        // Relations and quotas
        ["a quota is over-spent"] = (Join(Pockets, Outcomes, Limits), damage => damage.Forge(Story.Drawn, First, entry => entry with { Amounts = new(0, 0, 25_000, -25_000) })),
        ["a quota is drawn past, into what is left for another relative"] = (Join(Conservation, Outcomes, Regions, Limits), damage => { damage.Forge(Story.Drawn, First, entry => entry with { Amounts = new(0, 0, 20_400, -20_400) }); damage.Forge(Story.Drawn, FirstEnd, entry => entry with { Amounts = new(0, 0, -20_400, 0) }); }
        ),
        ["more comes back to a quota than was used of it"] = (Join(Conservation, Pockets, Outcomes, Regions), damage => damage.Forge(Story.DrawnBack, Legs.Part(1), entry => entry with { Amounts = new(0, 0, 0, 20_001), Detail = ((DrawRefundTerms)entry.Detail!) with { Attempt = null } })),
        ["a draw on a relation of another time"] = (Limits, damage => damage.Change(Story.Drawn, First, entry => entry with { Detail = ((DrawTerms)entry.Detail!) with { Relation = 1 } })),
        ["a quota is granted without its money"] = (Pockets, damage => damage.Change(damage.Of("aunt", EntryKind.QuotaChanged), entry => entry with { Detail = new RelationTerms("niece", Kinship.Child, 26_000) })),
        ["a quota below what was used"] = (Join(Pockets, Limits), damage => Requota(damage, 18_000)),
        ["more returns at a dissolution than was left"] = (Pockets, damage => damage.Forge(damage.Of("uncle", EntryKind.RelationDissolved), entry => entry with { Amounts = new(301, 0, 0, -301) })),
        ["a relation is dissolved twice"] = (Pockets, damage => damage.Add(damage.Of("uncle", EntryKind.RelationDissolved) with { Operation = Id(900), Amounts = default })),
        ["a relation is consented to that nobody proposed"] = (Limits, damage => damage.Add(damage.Of("uncle", EntryKind.RelationConsented) with { Operation = Id(900), Detail = new RelationTerms("mother", Kinship.Parent, 0) })),
        ["a relation to oneself"] = (Limits, damage => damage.Add(damage.Of("uncle", EntryKind.RelationProposed) with { Operation = Id(900), Detail = new RelationTerms("uncle", Kinship.Parent, 0) })),
        ["a relation given by a resident"] = (Limits, damage => damage.Add(damage.Of("uncle", EntryKind.RelationProposed) with { Account = "father", Operation = Id(900), Detail = new RelationTerms("mother", Kinship.Parent, 0) })),
        ["a giver is joined twice"] = (Limits, damage => damage.Add(damage.Of("niece", EntryKind.RelationJoined) with { Operation = Id(900) })),
        ["a giver is left who was not joined"] = (Limits, damage => damage.Add(damage.Of("nephew", EntryKind.RelationLeft) with { Operation = Id(900) })),
        ["an order names somebody who gives nothing"] = (Limits, damage => damage.Change(damage.Of("niece", EntryKind.RelativesOrdered), entry => entry with { Detail = new RelativesOrder(["uncle", "son"]) })),
        ["an order names somebody twice"] = (Limits, damage => damage.Change(damage.Of("niece", EntryKind.RelativesOrdered), entry => entry with { Detail = new RelativesOrder(["uncle", "uncle"]) })),
        ["a move does not name whom to tell"] = (Outcomes, damage => damage.Change(LastStop(damage), entry => entry with { Detail = ((Registration)entry.Detail!) with { Leaving = null } })),
        ["a wallet is closed with an open hold"] = (Limits, damage => damage.Add(damage.Of("aunt", EntryKind.WalletClosed) with { Account = "son", Operation = Id(900) })),
    };

    private static Entry LastStop(Damage damage) => damage.Entries.Last(entry => entry.Account == "nephew" && entry.Kind == EntryKind.InsuranceChanged);

    private static PaymentTerms WithParts(Entry entry, Func<IReadOnlyList<PaymentPart>, IReadOnlyList<PaymentPart>> change)
    {
        PaymentTerms terms = (PaymentTerms)entry.Detail!;
        return terms with { Parts = change(terms.Parts) };
    }

    private static PaymentTerms WithBill(Entry entry, Func<Bill, Bill> change)
    {
        PaymentTerms terms = (PaymentTerms)entry.Detail!;
        return terms with { Bill = change(terms.Bill) };
    }

    private static RefundTerms WithRefunded(Entry entry, Func<IReadOnlyList<PaymentPart>, IReadOnlyList<PaymentPart>> change)
    {
        RefundTerms terms = (RefundTerms)entry.Detail!;
        return terms with { Parts = change(terms.Parts) };
    }

    private static void ChangeRefund(Damage damage, Guid refund, Func<RefundTerms, RefundTerms> change) =>
        damage.Change(refund, Leg.Opening, entry => entry with { Detail = change((RefundTerms)entry.Detail!) });

    /// <summary>Refunds uncle's own money to aunt, by entries that agree with one another.</summary>
    private static void RefundToAunt(Damage damage)
    {
        damage.Forge(Story.PaidAloneBack, Leg.Opening, entry => entry with { Kind = EntryKind.RefundOpened, Amounts = default, Detail = WithRefunded(entry, parts => [parts[0] with { Account = "aunt" }]) });
        damage.Add(damage.Of(Story.DrawnBack, First) with { Account = "aunt", Operation = Story.PaidAloneBack, Amounts = new(40, 0, 0, 0), Detail = new DrawRefundTerms("uncle", Foshan, Foshan) });
        damage.Add(damage.Of(Story.DrawnBack, Leg.Outcome) with { Account = "uncle", Operation = Story.PaidAloneBack });
    }

    /// <summary>Books uncle's part of niece's refund in another region.</summary>
    private static void BookElsewhere(Damage damage, RegionCode region)
    {
        ChangeRefund(damage, Story.DrawnBack, terms => terms with { Parts = [terms.Parts[0] with { Region = region }, .. terms.Parts.Skip(1)] });
        damage.Change(Story.DrawnBack, First, entry => entry with { Detail = ((DrawRefundTerms)entry.Detail!) with { From = region } });
    }

    /// <summary>Refunds aunt's quota, but not what uncle paid after it.</summary>
    private static void RefundOfFirstUsed(Damage damage)
    {
        ChangeRefund(damage, Story.DrawnBack, terms => terms with { Parts = [terms.Parts[1]], Indexes = [terms.Indexes[1]] });
        damage.Remove(damage.Of(Story.DrawnBack, First));
        damage.Change(Story.DrawnBack, Legs.Part(1), entry => entry with { Leg = First });
    }

    /// <summary>Aunt pays somebody's contribution for another year as she paid niece's, by entries that agree with one another.</summary>
    private static void PayAnotherYear(Damage damage, string beneficiary, RegionCode region)
    {
        ContributionYear year = new(Scheme.ResidentMedical, 2027);
        foreach (Leg leg in (Leg[])[Leg.Opening, First, Leg.Answer, FirstEnd])
        {
            Entry entry = damage.Of(Story.ForNiece, leg);
            damage.Add(entry with
            {
                Account = entry.Account == "niece" ? beneficiary : entry.Account,
                Operation = Id(900),
                Detail = entry.Detail switch
                {
                    PaymentTerms terms => terms with { Payment = Id(900), Bill = terms.Bill with { Beneficiary = beneficiary, Region = region, Contribution = year } },
                    ContributionTerms terms => terms with { Contribution = year, Region = terms.Region is null ? null : region },
                    _ => entry.Detail,
                },
            });
        }
    }

    /// <summary>Aunt, a resident by now, pays niece's contribution from what is left in her personal account.</summary>
    private static void PayAsResident(Damage damage)
    {
        damage.Add(damage.Of("aunt", EntryKind.Registered) with { Kind = EntryKind.InsuranceChanged, Operation = Id(901), Detail = new Registration(Foshan, Insurance.Resident, InsuranceStatus.Active) });
        PayAnotherYear(damage, "niece", Guangzhou);
    }

    /// <summary>Has another region than niece's pay for her contribution.</summary>
    private static void BillElsewhere(Damage damage, RegionCode region)
    {
        foreach (Leg leg in (Leg[])[Leg.Opening, Leg.Answer])
        {
            damage.Change(Story.ForNiece, leg, entry => entry with { Detail = WithBill(entry, bill => bill with { Region = region }) });
        }
    }

    /// <summary>Makes the last change of aunt's quota for niece, of which 19,000 fen are used, set another amount.</summary>
    private static void Requota(Damage damage, long grantedFen) => damage.Forge(
        damage.Of("aunt", EntryKind.QuotaChanged),
        entry => entry with { Amounts = new(20_000 - grantedFen, 0, 0, grantedFen - 20_000), Detail = new RelationTerms("niece", Kinship.Child, grantedFen) });
}
