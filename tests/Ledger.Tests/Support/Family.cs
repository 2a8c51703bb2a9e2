using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>Relations and payments for tests to start from.</summary>
internal static class Family
{
    public const string Hospital = "H41010000001";

    /// <summary>The standing of an insured recipient in Zhengzhou.</summary>
    public static readonly PayeeStanding Recipient = Payee;

    public static readonly ContributionYear Medical2026 = new(Scheme.ResidentMedical, 2026);

    /// <summary>Decides a relation to a parent under the live public rules.</summary>
    public static Decision Put(
        PersonState giver,
        long? quotaFen = null,
        string recipient = "father",
        Kinship kinship = Kinship.Parent,
        PayeeStanding? other = null,
        RegionRules? rules = null,
        RegionRules? otherRules = null) =>
        PersonRules.PutRelation(giver, recipient, kinship, quotaFen, other ?? Recipient, rules ?? Live, otherRules ?? Live, Noon);

    /// <summary>Decides the recipient's consent under the live public rules.</summary>
    public static Decision Consent(PersonState giver, string recipient = "father", RegionCode? other = null, RegionRules? rules = null, RegionRules? otherRules = null) =>
        PersonRules.ConsentRelation(giver, recipient, other ?? Zhengzhou, rules ?? Live, otherRules ?? Live, Noon);

    /// <summary>A daughter in Suzhou with a consented relation to her father.</summary>
    public static PersonState Giver(long personalFen = 1_000_000, long quotaFen = 0, string person = "daughter", RegionCode? region = null)
    {
        PersonState giver = Employee(person, personalFen, region: region);
        Append(giver, Put(giver, quotaFen));
        Append(giver, Consent(giver));
        return giver;
    }

    /// <summary>A father in Zhengzhou, an employee with money in both pockets, and with givers whose money he may draw.</summary>
    public static PersonState Father(long personalFen = 0, long walletFen = 0, params string[] givers)
    {
        PersonState father = Employee("father", personalFen, region: Zhengzhou);
        if (walletFen > 0)
        {
            WithWalletFen(father, walletFen);
        }

        foreach (string giver in givers)
        {
            Append(father, PersonRules.JoinRelation(father, giver, Noon));
        }

        return father;
    }

    public static PaymentOrder Bill(long amountFen, bool allowCash = false, IReadOnlyList<PaymentSource>? sources = null, string payer = "father") =>
        new(Id(1), payer, Hospital, PaymentPurpose.Hospital, payer, null, amountFen, sources, allowCash);

    public static PaymentOrder Contribution(long amountFen, string payer = "father", string beneficiary = "father", int id = 1) =>
        new(Id(id), payer, null, PaymentPurpose.Contribution, beneficiary, Medical2026, amountFen, null, false);

    public static DrawOffer Offer(PersonState giver, string recipient = "father") =>
        new(giver.Person, giver.Region, giver.Given[recipient].LeftFen, giver.Balances.PersonalFen);

    public static Decision Pay(PersonState payer, PaymentOrder order, params PersonState[] givers) =>
        PersonRules.Pay(payer, order, order.Id, payer.Region, [.. givers.Select(giver => Offer(giver))], Noon);

    public static PaymentTerms TermsOf(Decision decision)
    {
        Assert.Null(decision.Refusal);
        return Assert.IsType<PaymentTerms>(decision.Entry!.Detail);
    }

    /// <summary>The parts of a decision: account, pocket, fen.</summary>
    public static (string Account, Pocket Pocket, long AmountFen)[] PartsOf(Decision decision) => PartsOf(TermsOf(decision).Parts);

    public static (string Account, Pocket Pocket, long AmountFen)[] PartsOf(IEnumerable<PaymentPart> parts) =>
        [.. parts.Select(part => (part.Account, part.Pocket, part.AmountFen))];

    /// <summary>A relative's part of a planned payment.</summary>
    public static DrawOrder DrawOf(PaymentTerms terms, string giver, int party = 0)
    {
        Amounts amounts = PaymentParts.Of(terms.Parts, giver);
        return new DrawOrder(terms.Payment, party, "father", terms.Bill, terms.Parts.First(part => part.Account == giver).Region, amounts.PersonalFen, amounts.QuotaFen);
    }

    /// <summary>Takes a payment with relatives' money to its end: opens it, holds each part, decides, and posts each part.</summary>
    public static (PaymentTerms Terms, List<Entry> Entries) PayWhole(PersonState payer, PaymentOrder order, params PersonState[] givers)
    {
        Decision opening = Pay(payer, order, givers);
        PaymentTerms terms = TermsOf(opening);
        List<Entry> entries = [Append(payer, opening)];
        IReadOnlyList<string> parties = terms.Parties(payer.Person);
        for (int party = 0; party < parties.Count; party++)
        {
            PersonState giver = givers.Single(one => one.Person == parties[party]);
            entries.Add(Append(giver, PersonRules.HoldDraw(giver, DrawOf(terms, giver.Person, party), Noon)));
        }

        if (parties.Count > 0)
        {
            entries.Add(Append(payer, PersonRules.MakePayment(payer, order.Id, terms, Noon)));
        }

        for (int party = 0; party < parties.Count; party++)
        {
            PersonState giver = givers.Single(one => one.Person == parties[party]);
            entries.Add(Append(giver, PersonRules.PostDraw(giver, order.Id, party, Noon)));
        }

        return (terms, entries);
    }
}
