using Gongji.Ledger.Audit;

namespace Gongji.Ledger.Tests;

public sealed class LedgerAuditTests
{
    public static TheoryData<string> Damages => [.. DamageCases.All.Keys];

    [Fact]
    public void Audit_of_an_intact_ledger_is_clean_and_says_what_it_checked()
    {
        AuditReport report = LedgerImage.Of(Story.Entries).Audit();
        Assert.Empty(report.Invariants.SelectMany(invariant => invariant.Violations));
        Assert.True(report.IsClean);
        Assert.Equal(
            ["conservation", "account-continuity", "pockets", "transfer-outcomes", "region-deltas", "limits", "hash-chain", "clearing", "snapshots"],
            report.Invariants.Select(invariant => invariant.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], report.Invariants.Select(invariant => invariant.Number));
        Assert.Equal(Story.Entries.Count, report.Entries);
        Assert.Equal(
            [8, Story.Entries.Count, Story.Entries.Count, 19, Deltas.Aggregate(Story.Entries).Count, 60, LedgerImage.Of(Story.Entries).Batches.Count, LedgerImage.Of(Story.Entries).Batches.Count, 8],
            report.Invariants.Select(invariant => invariant.Checked));
    }

    [Fact]
    public void Audit_of_a_chain_with_an_empty_batch_is_clean()
    {
        LedgerImage image = LedgerImage.Of(Story.Entries);
        ImageBatch last = image.Batches[^1];
        image.Batches.Add(new ImageBatch(last.Chain, last.Sequence + 1, last.Hash, HashChain.Next(last.Hash, []), 0, []));
        Assert.True(image.Audit().IsClean);
    }

    [Fact]
    public void Audit_of_an_empty_ledger_is_clean()
    {
        AuditReport report = LedgerImage.Of([]).Audit();
        Assert.Equal((true, 0L), (report.IsClean, report.Entries));
    }

    /// <summary>Money that goes back may take a balance beyond the limit for receiving, and that balance can be paid out in one part.</summary>
    [Fact]
    public void Audit_of_a_payment_from_a_balance_past_its_bound_is_clean()
    {
        Guid transfer = Given.Id(902);
        MemoryLedger ledger = new();
        ledger.SetRules(Given.Suzhou, Given.Live);
        ledger.Register("daughter", Given.Suzhou, Insurance.Employee);
        ledger.OpenWallet("daughter", Given.Suzhou);
        ledger.Credit("daughter", Given.Id(901), 1_610);
        ledger.Register("son", Given.Suzhou, Insurance.Employee);
        ledger.OpenWallet("son", Given.Suzhou);
        ledger.Hold(new TransferOrder(transfer, "daughter", "son", TransferSource.Personal, 1_610, Kinship.Child));
        ledger.Credit("daughter", Given.Id(903), Limits.BalanceFenMax);
        ledger.Decline(transfer, EndReason.Cancelled);
        ledger.Void(transfer);
        ledger.OpenPayment(new PaymentOrder(Given.Id(904), "daughter", "H32050000001", PaymentPurpose.Hospital, "daughter", null, Limits.BalanceFenMax + 1_610, null, false));
        Assert.Equal((EntryKind.Paid, 0), (ledger.Entries[^1].Kind, ledger.Entries[^1].Balances.PersonalFen));
        Assert.Empty(LedgerImage.Of(ledger.Entries).Audit().Invariants.SelectMany(invariant => invariant.Violations));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Audit_of_a_damaged_ledger_names_the_invariant(string what)
    {
        (string expected, Action<Damage> cause) = DamageCases.All[what];
        Damage damage = new();
        cause(damage);
        (string violated, string texts) = damage.Audit();
        Assert.True(expected == violated, $"{what}: expected {expected}, found {violated}:\n{texts}");
    }

    [Fact]
    public void Audit_with_caps_that_are_kept_is_clean()
    {
        LedgerImage image = LedgerImage.Of(Story.Entries);
        image.CapsFen[Given.Suzhou] = 82_000;
        Assert.True(image.Audit().IsClean);
        image.CapsFen[Given.Suzhou]--;
        Assert.Contains("owes 82000 fen net, its cap is 81999", Assert.Single(image.Audit().Invariants[4].Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Violation_says_where_it_is_what_was_expected_and_what_is_there()
    {
        Damage damage = new();
        Entry credit = damage.Of(Story.FirstCredit);
        damage.Change(credit, entry => entry with { Balances = entry.Balances with { PersonalFen = 300_001 } });
        InvariantReport continuity = damage.Image.Audit().Invariants[1];
        Assert.Contains("account daughter/2", continuity.Violations[0], StringComparison.Ordinal);
        Assert.Contains("personal 300000", continuity.Violations[0], StringComparison.Ordinal);
        Assert.Contains("personal 300001", continuity.Violations[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_are_in_words()
    {
        Damage damage = new();
        DeltaKey transfer = damage.Image.Deltas.Keys.First(key => key.Activity == Activity.Transfer && key.Tier == Tier.CrossProvince);
        damage.Image.Deltas[transfer] += new DeltaSum(0, 1);
        damage.Image.Deltas[transfer with { Activity = (Activity)77, Tier = (Tier)9 }] = new DeltaSum(1, 1);
        damage.Image.Deltas.Remove(damage.Image.Deltas.Keys.First(key => key.Activity == Activity.Credit));
        damage.Image.ByAccount.RemoveAll(entry => entry.Account == "mother");
        damage.Image.ByOperation.RemoveAll(entry => entry.Operation == Story.Returned);
        string texts = damage.Audit().Texts;
        string day = $"{transfer.Day:yyyy-MM-dd}, {transfer.From} → {transfer.To}: the entries give";
        foreach (string words in new[]
        {
            $"transfer, cross-province, {day}", $"activity 77, tier 9, {day}", "credit, same-region, ", ", outside → ",
            $"{Story.Entries.Count(entry => entry.Account != "mother")} entries by account, {Story.Entries.Count} by batch.",
            " entries of transfers, payments and refunds by account and by operation, but not the same ones.",
        })
        {
            Assert.Contains(words, texts, StringComparison.Ordinal);
        }
    }

    /// <summary>No text contains a record or a type name in the form that a program prints.</summary>
    [Fact]
    public void Violations_of_every_kind_of_damage_are_for_people()
    {
        foreach ((string what, (_, Action<Damage> cause)) in DamageCases.All)
        {
            Damage damage = new();
            cause(damage);
            string texts = damage.Audit().Texts;
            foreach (string printed in new[] { " { ", "EntryTally", "DeltaKey", "Terms ", "PaymentMade", "DrawPosted", "Employee", "chain 0" })
            {
                Assert.False(texts.Contains(printed, StringComparison.Ordinal), $"{what}: {texts}");
            }
        }
    }

    /// <summary>Suzhou owes 82,000 fen net.</summary>
    [Theory]
    [InlineData(82_000, 0, 0, 0, 0)]
    [InlineData(81_999, 82_000, 0, 0, 0)]
    [InlineData(81_999, 81_999, 0, 0, 1)]
    [InlineData(82_500, 0, 600, 100, 0)]
    [InlineData(82_500, 0, 601, 100, 1)]
    [InlineData(81_000, 82_000, 100, 100, 0)]
    [InlineData(81_000, 82_000, 101, 100, 1)]
    [InlineData(90_000, 0, 100, 101, 1)]
    [InlineData(90_000, 0, 100, -1, 1)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MinValue, 2)]
    public void Caps_and_slices_go_together(long capFen, long debtFen, long grantedFen, long usedFen, int violations)
    {
        LedgerImage image = LedgerImage.Of(Story.Entries);
        image.Caps.Add((Given.Suzhou, capFen, debtFen));
        image.Slices.Add((Given.Suzhou, 7, grantedFen, usedFen));
        Assert.Equal(violations, image.Audit().ViolationCount);
    }

    [Fact]
    public void Leg_that_is_there_twice_names_both_entries()
    {
        Damage damage = new();
        damage.Add(damage.Of(Story.FirstCredit) with { Account = "son", Detail = new CreditTerms(Given.Nanjing, "2026-03") });
        string text = Assert.Single(damage.Image.Audit().Invariants[3].Violations);
        Assert.Contains($"{Story.FirstCredit}", text, StringComparison.Ordinal);
        Assert.Contains("account daughter/2", text, StringComparison.Ordinal);
        Assert.Contains($"account son/{damage.Entries[^1].Version}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_past_the_first_are_counted_but_not_kept()
    {
        Damage damage = new();
        damage.Entries.Clear();
        damage.Entries.AddRange(Enumerable.Range(0, 50).Select(number => Story.Entries[0] with { Account = $"p{number}", Operation = Given.Id(number), Kind = (EntryKind)77 }));
        InvariantReport continuity = damage.Image.Audit().Invariants[1];
        Assert.Equal(InvariantCheck.TextsMax, continuity.Violations.Count);
        Assert.True(continuity.ViolationCount >= 50);
    }

    [Theory]
    [InlineData(AuditPass.Accounts, "conservation, account-continuity, pockets, limits, clearing, snapshots")]
    [InlineData(AuditPass.Transfers, "conservation, transfer-outcomes")]
    [InlineData(AuditPass.Batches, "region-deltas, hash-chain")]
    [InlineData(AuditPass.Deltas, "region-deltas")]
    public void Audit_that_cannot_read_on_proves_nothing_that_needs_it(AuditPass pass, string violated)
    {
        LedgerAudit audit = new();
        audit.Stop(pass, "'x' is no JSON");
        if (pass == AuditPass.Batches)
        {
            audit.AddDelta(new(Activity.Credit, Tier.SameRegion, new(2026, 3, 2), RegionCode.Outside, Given.Suzhou), new(1, 5));
        }

        AuditReport report = audit.Complete();
        Assert.Equal(violated, string.Join(", ", report.Invariants.Where(invariant => invariant.ViolationCount > 0).Select(invariant => invariant.Name)));
        Assert.All(report.Invariants, invariant => Assert.InRange(invariant.ViolationCount, 0, 1));
        Assert.Contains(report.Invariants, invariant => invariant.Violations.Any(text => text.Contains("'x' is no JSON", StringComparison.Ordinal)));
    }

    [Fact]
    public void Audit_of_extreme_numbers_reports_and_does_not_throw()
    {
        long[] extremes = [long.MinValue, -1, 0, long.MaxValue];
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
        {
            foreach (long fen in extremes)
            {
                Damage damage = new();
                damage.Entries[5] = damage.Entries[5] with { Kind = kind, Amounts = new(fen, -1, fen, fen), Balances = new(fen, fen, fen, fen), Version = fen };
                damage.Entries[9] = damage.Entries[9] with { At = fen < 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue };
                LedgerImage image = ImageWithoutDeltas(damage.Entries);
                Assert.False(image.Audit().IsClean);
            }
        }
    }

    /// <summary>Builds an image without sealing, since sealing may overflow on the contents of a damaged store.</summary>
    private static LedgerImage ImageWithoutDeltas(List<Entry> entries)
    {
        LedgerImage intact = LedgerImage.Of(Story.Entries);
        return new LedgerImage
        {
            ByAccount = [.. entries.OrderBy(entry => entry.Account, StringComparer.Ordinal)],
            ByOperation = [.. entries.Where(entry => OpenWork.HasCompany(entry))],
            Batches = [new ImageBatch(1, 1, HashChain.Genesis(1), new byte[32], entries.Count, [.. entries.Select(entry => (entry, (byte[]?)null))])],
            HoldIndex = intact.HoldIndex,
            Deltas = intact.Deltas,
        };
    }
}
