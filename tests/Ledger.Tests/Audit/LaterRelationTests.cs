using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>What an audit says about money that comes back after the relation it was drawn on has ended and a later one exists.</summary>
public sealed class LaterRelationTests
{
    private static readonly Guid Early = Id(1);
    private static readonly Guid Late = Id(2);
    private static readonly Guid Back = Id(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Audit_of_money_that_comes_back_after_a_new_relation_was_made_is_clean(bool made)
    {
        Entry end = Tell(made)[^1];
        Assert.Equal((made ? EntryKind.DrawRefunded : EntryKind.DrawVoided, 60L, 0L), (end.Kind, end.Amounts.PersonalFen, end.Amounts.QuotaFen));
        Assert.Empty(Violations(Tell(made)));
    }

    [Fact]
    public void Audit_finds_a_void_to_the_quota_of_a_later_relation() =>
        Assert.Contains("(personal 0, wallet 0, held -60, quota 60)", Assert.Single(Violations(Tell(made: false, toQuota: true))), StringComparison.Ordinal);

    [Fact]
    public void Audit_finds_a_refund_to_the_quota_of_a_later_relation() =>
        Assert.Contains("60 fen go back to a quota for father that they were not drawn from", Assert.Single(Violations(Tell(made: true, toQuota: true))), StringComparison.Ordinal);

    /// <summary>Older entries do not say on which relation money was drawn, and it then returned to whichever quota existed. That is no violation now.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Audit_of_entries_that_do_not_say_on_which_relation_was_drawn_is_clean(bool made) => Assert.Empty(Violations([.. Tell(made, toQuota: true).Select(entry => entry with
    {
        Detail = entry.Detail switch
        {
            DrawTerms terms => terms with { Relation = null },
            DrawRefundTerms terms => terms with { Attempt = null },
            _ => entry.Detail,
        },
    })]));

    /// <summary>Father draws 60 fen of a quota, the relation ends, and 70 fen of a later one's quota are drawn before the 60 come back.</summary>
    private static List<Entry> Tell(bool made, bool toQuota = false)
    {
        MemoryLedger ledger = new();
        ledger.SetRules(Suzhou, Live);
        Must(ledger.Register("daughter", Suzhou, Insurance.Employee));
        Must(ledger.Credit("daughter", Id(101), 1_000));
        Must(ledger.Register("father", Suzhou, Insurance.Resident));
        Relate(ledger, 100);
        Must(ledger.OpenPayment(Bill(Early, 60)));
        GoOn(ledger, Early, made ? 3 : 1);
        Must(ledger.Dissolve("daughter", "father"));
        Must(ledger.Leave("father", "daughter"));
        Relate(ledger, 70);
        Must(ledger.OpenPayment(Bill(Late, 70)));
        GoOn(ledger, Late, 3);
        Must(made ? ledger.Refund(Back, Early, 60) : ledger.Abandon(Early));
        Must(made ? ledger.GoOnRefund(Back) : ledger.EndPart(Early, 0));
        if (toQuota)
        {
            Entry end = ledger.Entries[^1];
            Amounts other = new(-60, 0, 0, 60);
            ledger.Entries[^1] = end with { Amounts = end.Amounts + other, Balances = end.Balances + other };
        }

        return ledger.Entries;
    }

    private static void Relate(MemoryLedger ledger, long quotaFen)
    {
        Must(ledger.Propose("daughter", "father", Kinship.Parent, quotaFen));
        Must(ledger.Join("father", "daughter"));
        Must(ledger.Consent("daughter", "father"));
    }

    private static void GoOn(MemoryLedger ledger, Guid attempt, int legs)
    {
        for (int leg = 0; leg < legs; leg++)
        {
            Must(ledger.GoOn(attempt, abandon: false));
        }
    }

    private static PaymentOrder Bill(Guid id, long amountFen) => new(id, "father", Family.Hospital, PaymentPurpose.Hospital, "father", null, amountFen, null, false);

    private static void Must(LedgerAnswer answer) => Assert.NotNull(answer.Entry);

    private static IEnumerable<string> Violations(List<Entry> entries) => LedgerImage.Of(entries).Audit().Invariants.SelectMany(invariant => invariant.Violations);
}
