using System.Text.Json;
using System.Text.Json.Nodes;
using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class PersonStateTests
{
    [Fact]
    public void Apply_entry_of_another_account_is_a_bug()
    {
        Entry entry = PersonRules.Register(new PersonState("a"), new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Active), Noon).Entry!;
        Assert.Throws<InvalidOperationException>(() => new PersonState("b").Apply(entry));
    }

    [Fact]
    public void Apply_entry_twice_is_a_bug()
    {
        PersonState state = Employee();
        Entry entry = Append(state, Hold(state, Order()));
        Assert.Throws<InvalidOperationException>(() => state.Apply(entry));
    }

    [Fact]
    public void Apply_second_hold_of_a_transfer_is_a_bug()
    {
        PersonState state = Employee();
        Entry entry = Append(state, Hold(state, Order()));
        Assert.Throws<InvalidOperationException>(() => state.Apply(entry with { Version = entry.Version + 1 }));
    }

    [Fact]
    public void Apply_outcome_of_unknown_transfer_is_a_bug()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Entry post = PersonRules.Post(state, Id(1), Noon).Entry!;
        Assert.Throws<InvalidOperationException>(() => state.Apply(post with { Operation = Id(2) }));
    }

    [Theory]
    [InlineData(EntryKind.Registered)]
    [InlineData(EntryKind.WalletOpened)]
    [InlineData(EntryKind.Hold)]
    [InlineData(EntryKind.Paid)]
    [InlineData(EntryKind.PaymentOpened)]
    [InlineData(EntryKind.DrawHeld)]
    [InlineData(EntryKind.Refunded)]
    [InlineData(EntryKind.QuotaChanged)]
    [InlineData((EntryKind)99)]
    public void Apply_entry_without_its_detail_is_a_bug(EntryKind kind)
    {
        PersonState state = Employee();
        Entry entry = PersonRules.Decline(state, Id(1), EndReason.Returned, Noon).Entry!;
        Assert.Throws<InvalidOperationException>(() => state.Apply(entry with { Kind = kind, Detail = null }));
    }

    [Fact]
    public void Apply_quota_of_a_relation_that_is_none_is_a_bug()
    {
        PersonState state = Employee();
        Entry entry = PersonRules.Decline(state, Id(1), EndReason.Returned, Noon).Entry!;
        Assert.Throws<InvalidOperationException>(() => state.Apply(entry with { Kind = EntryKind.QuotaChanged, Detail = new RelationTerms("father", Kinship.Parent, 400) }));
    }

    /// <summary>The text of such an exception reaches the log.</summary>
    [Fact]
    public void Apply_of_what_cannot_follow_says_the_operation_and_no_person()
    {
        PersonState state = Employee();
        Entry hold = Append(state, Hold(state, Order()));
        Entry next = PersonRules.Post(state, hold.Operation, Noon).Entry!;
        Entry[] wrong =
        [
            hold,
            hold with { Version = next.Version },
            next with { Account = "son" },
            next with { Operation = Id(2) },
            next with { Kind = EntryKind.Hold, Detail = null },
            next with { Kind = EntryKind.Refunded, Detail = null },
            next with { Kind = EntryKind.QuotaChanged, Detail = null },
            next with { Kind = (EntryKind)99 },
        ];

        Assert.All(wrong, entry =>
        {
            string text = Assert.Throws<InvalidOperationException>(() => state.Apply(entry)).Message;
            Assert.Contains(entry.Operation.ToString(), text, StringComparison.Ordinal);
            Assert.DoesNotContain("daughter", text, StringComparison.Ordinal);
            Assert.DoesNotContain("son", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void TimeFor_clock_ahead_takes_the_clock_in_whole_milliseconds() =>
        Assert.Equal(Noon.AddMilliseconds(1), Employee().TimeFor(Noon.AddMilliseconds(1).AddTicks(9_999)));

    [Fact]
    public void TimeFor_clock_behind_stays()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Assert.Equal(Noon, state.TimeFor(Noon.AddMilliseconds(-1)));
    }

    [Fact]
    public void Snapshot_round_trip_keeps_every_part()
    {
        PersonState state = WithWalletFen(Employee(), 700);
        Append(state, Hold(state, Order(1, 100, payee: "p1")));
        Append(state, Hold(state, Order(2, 200, payee: "p2", source: TransferSource.Wallet), payee: Payee with { AutoAccept = true }));
        PersonSnapshot snapshot = state.ToSnapshot();
        PersonSnapshot? read = PersonSnapshot.Decode(snapshot.Encode());
        Assert.NotNull(read);
        Assert.Equal(snapshot.OpenHolds, read.OpenHolds);
        Assert.Equal(snapshot, read with { OpenHolds = snapshot.OpenHolds });
        Assert.Equal(snapshot.Encode(), PersonState.FromSnapshot("daughter", read).ToSnapshot().Encode());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Snapshot_with_a_hold_twice_is_a_bug(int holds)
    {
        PersonState state = Employee();
        for (int number = 1; number <= holds; number++)
        {
            Append(state, Hold(state, Order(number, 100, payee: $"p{number}")));
        }

        PersonSnapshot snapshot = state.ToSnapshot();
        Assert.Throws<InvalidOperationException>(() => PersonState.FromSnapshot("daughter", snapshot with { OpenHolds = [.. snapshot.OpenHolds, snapshot.OpenHolds[0]] }));
    }

    /// <summary>A single hold is stored differently from several, so this covers every change between the two. A number opens a hold; its negative ends it.</summary>
    [Theory]
    [InlineData(1, -1, 2, -2)]
    [InlineData(1, 2, -1, -2)]
    [InlineData(1, 2, -2, 3, -1, -3)]
    [InlineData(1, 2, 3, -2, -3, -1)]
    [InlineData(1, -1, 2, 3, -3, -2)]
    public void Holds_open_and_end_in_any_order(params int[] steps)
    {
        PersonState state = Employee();
        SortedSet<int> open = [];
        foreach (int step in steps)
        {
            Append(state, step > 0 ? Hold(state, Order(step, 100, payee: $"p{step}")) : PersonRules.Post(state, Id(-step), Noon));
            Assert.True(step > 0 ? open.Add(step) : open.Remove(-step));
            foreach (PersonState same in new[] { state, PersonState.FromSnapshot("daughter", state.ToSnapshot()) })
            {
                Assert.Equal(open.Select(number => Id(number)), same.OpenHolds.Select(hold => hold.Id).Order());
                Assert.All(Enumerable.Range(1, 9), number => Assert.Equal(open.Contains(number), same.FindHold(Id(number))?.Id == Id(number)));
            }
        }
    }

    [Fact]
    public void Snapshot_keeps_relations_contributions_and_what_was_taken_back()
    {
        PersonState daughter = Giver(100_000, 4_000);
        Append(daughter, Put(daughter, 100, "mother"));
        Append(daughter, PersonRules.HoldDraw(daughter, new DrawOrder(Id(90), 0, "father", new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), Suzhou, 5, 70), Noon));
        Append(daughter, PersonRules.JoinRelation(daughter, "son", Noon));
        Append(daughter, PersonRules.ClaimContribution(daughter, Id(91), 0, new ContributionTerms("son", Medical2026), daughter.Region, Noon));
        PaymentTerms terms = TermsOf(Pay(daughter, Bill(500, payer: "daughter")));
        Append(daughter, Pay(daughter, Bill(500, payer: "daughter")));
        Append(daughter, PersonRules.Refund(daughter, new RefundOrder(Id(92), Id(1), terms, 200), Noon));
        AssertSameAfterSnapshot(daughter);
        Append(daughter, PersonRules.VoidDraw(daughter, Id(90), 0, Noon));
        Entry stop = Append(daughter, PersonRules.Register(daughter, new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Stopped), Noon));
        PersonState loaded = AssertSameAfterSnapshot(daughter);
        Assert.Equal(stop.Operation, loaded.LeavingIn);
        Assert.Equal(["son", "father", "mother"], loaded.Leaving);
        Assert.Equal((Id(91), 200L, 0L), (loaded.PaidBy(Medical2026), loaded.ReversedFen(Id(1), 0), loaded.ReversedFen(Id(1), 1)));
        Append(daughter, PersonRules.EndLeaving(daughter, stop.Operation, Noon));
        AssertSameAfterSnapshot(daughter);
    }

    [Fact]
    public void Snapshot_state_of_a_giver_decides_as_the_folded_one()
    {
        PersonState daughter = Giver(1_000, 400);
        DrawOrder draw = new(Id(90), 0, "father", new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), Suzhou, 5, 70);
        Append(daughter, PersonRules.HoldDraw(daughter, draw, Noon));
        PersonState loaded = AssertSameAfterSnapshot(daughter);
        Assert.Equal(PersonRules.VoidDraw(daughter, Id(90), 0, Noon), PersonRules.VoidDraw(loaded, Id(90), 0, Noon));
        Assert.Equal(PersonRules.DissolveRelation(daughter, "father", Noon), PersonRules.DissolveRelation(loaded, "father", Noon));
        AssertRefused(RefusalCode.WrongState, Put(loaded, 69));
    }

    /// <summary>Snapshots from before relations and draws recorded their versions are not read; the account is folded from its entries instead.</summary>
    [Theory]
    [InlineData("Since")]
    [InlineData("Version")]
    public void Snapshot_that_does_not_tell_relations_apart_is_not_read(string lacking)
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, PersonRules.HoldDraw(daughter, new DrawOrder(Id(90), 0, "father", new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), Suzhou, 5, 70), Noon));
        JsonNode snapshot = JsonNode.Parse(daughter.ToSnapshot().Encode())!;
        Assert.NotNull(PersonSnapshot.Decode(JsonSerializer.SerializeToUtf8Bytes(snapshot)));
        JsonNode place = lacking == "Since" ? snapshot["Family"]!["Given"]![0]! : snapshot["OpenHolds"]![0]!;
        Assert.True(place.AsObject().Remove(lacking));
        Assert.Null(PersonSnapshot.Decode(JsonSerializer.SerializeToUtf8Bytes(snapshot)));
    }

    [Fact]
    public void Snapshot_keeps_the_order_of_relatives()
    {
        PersonState father = Father(0, 0, "a", "b");
        Append(father, PersonRules.OrderRelatives(father, ["b"], Noon));
        Assert.Equal(["b", "a"], AssertSameAfterSnapshot(father).GiversInOrder);
    }

    private static PersonState AssertSameAfterSnapshot(PersonState state)
    {
        PersonSnapshot? read = PersonSnapshot.Decode(state.ToSnapshot().Encode());
        Assert.NotNull(read);
        PersonState loaded = PersonState.FromSnapshot(state.Person, read);
        Assert.Equal(state.ToSnapshot().Encode(), loaded.ToSnapshot().Encode());
        Assert.Equal(state.Given, loaded.Given);
        Assert.Equal(state.Givers, loaded.Givers);
        return loaded;
    }

    [Fact]
    public void Snapshot_of_person_without_wallet_is_read_back()
    {
        PersonSnapshot? read = PersonSnapshot.Decode(Resident(wallet: false).ToSnapshot().Encode());
        Assert.NotNull(read);
        Assert.Null(read.Wallet);
    }

    [Fact]
    public void Snapshot_state_decides_as_the_folded_one()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order(1, payee: "p1")));
        Append(state, Hold(state, Order(2, payee: "p2")));
        Append(state, Hold(state, Order(3)));
        PersonState loaded = PersonState.FromSnapshot("daughter", PersonSnapshot.Decode(state.ToSnapshot().Encode())!);
        AssertRefused(RefusalCode.DailyCountExceeded, Hold(loaded, Order(4, payee: "p4")));
        AssertRefused(RefusalCode.PreviousTransferWaiting, Hold(loaded, Order(4)));
        Assert.Equal(PersonRules.Post(state, Id(3), Noon), PersonRules.Post(loaded, Id(3), Noon));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"Version":1}""")]
    public void Snapshot_that_cannot_be_read_is_none(string text) =>
        Assert.Null(PersonSnapshot.Decode(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Snapshot_keeps_only_what_it_needs() =>
        Assert.DoesNotContain("TotalFen", System.Text.Encoding.UTF8.GetString(Employee().ToSnapshot().Encode()), StringComparison.Ordinal);
}
