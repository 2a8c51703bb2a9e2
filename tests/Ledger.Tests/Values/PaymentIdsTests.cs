using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class PaymentIdsTests
{
    [Fact]
    public void Entry_of_a_payment_names_it_or_says_that_its_opening_does()
    {
        PersonState father = Father(5_000);
        Guid attempt = PersonRules.AttemptId(Id(1), 1);
        Entry paid = PersonRules.Pay(father, Contribution(400), attempt, Zhengzhou, [], Noon).Entry!;
        Assert.Equal((Id(1), false), (PaymentIds.Of(paid), PaymentIds.IsInOpening(paid)));

        Entry claimed = PersonRules.ClaimContribution(father, attempt, 0, new ContributionTerms("daughter", Medical2026), father.Region, Noon).Entry!;
        Assert.Equal((null, true), (PaymentIds.Of(claimed), PaymentIds.IsInOpening(claimed)));
        Entry claimedFirst = claimed with { Operation = new Guid("0193c000-0000-7000-8000-000000000001") };
        Assert.Equal((claimedFirst.Operation, false), (PaymentIds.Of(claimedFirst), PaymentIds.IsInOpening(claimedFirst)));

        Entry credit = claimed with { Kind = EntryKind.Credit, Detail = null };
        Assert.Equal((null, false), (PaymentIds.Of(credit), PaymentIds.IsInOpening(credit)));
        Entry refunded = claimed with { Kind = EntryKind.RefundDone, Detail = null };
        Assert.Equal((null, false), (PaymentIds.Of(refunded), PaymentIds.IsInOpening(refunded)));
    }

    [Fact]
    public void Movement_of_a_payment_has_its_id()
    {
        PersonState father = Father(5_000);
        Entry paid = PersonRules.Pay(father, Contribution(400), PersonRules.AttemptId(Id(1), 1), Zhengzhou, [], Noon).Entry!;

        Assert.Equal(Id(1), Assert.Single(Movement.Of(paid)).Id);
    }
}
