using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class TransferStateTests
{
    private readonly PersonState _daughter = Employee();
    private readonly PersonState _father = Resident();
    private readonly Entry _hold;

    public TransferStateTests() => _hold = Append(_daughter, Hold(_daughter, Order()));

    private Entry Received => PersonRules.Receive(_father, Receipt(Id(1), 80_000), Noon.AddMinutes(1)).Entry!;

    private Entry Posted => PersonRules.Post(_daughter, Id(1), Noon.AddMinutes(2)).Entry!;

    [Fact]
    public void Transfer_of_a_hold_alone_is_held()
    {
        TransferState state = TransferState.From([_hold])!;
        Assert.Equal((Id(1), "daughter", TransferSource.Personal, 80_000L, Noon), (state.Id, state.Payer, state.Source, state.AmountFen, state.HeldAt));
        Assert.Equal((TransferStatus.Held, false, null, null), (state.Status, state.IsInterrupted, state.EndedAt, state.Reason));
    }

    [Fact]
    public void Transfer_received_is_settled_and_interrupted_until_posted()
    {
        TransferState received = TransferState.From([_hold, Received])!;
        Assert.Equal((TransferStatus.Settled, true, Noon.AddMinutes(1)), (received.Status, received.IsInterrupted, received.EndedAt!.Value));
        TransferState posted = TransferState.From([_hold, Received, Posted])!;
        Assert.Equal((TransferStatus.Settled, false, Noon.AddMinutes(1)), (posted.Status, posted.IsInterrupted, posted.EndedAt!.Value));
    }

    [Theory]
    [InlineData(EndReason.Returned, TransferStatus.Returned)]
    [InlineData(EndReason.Rejected, TransferStatus.Rejected)]
    [InlineData(EndReason.Cancelled, TransferStatus.Cancelled)]
    public void Transfer_declined_says_why(EndReason reason, TransferStatus status)
    {
        TransferState state = TransferState.From([_hold, PersonRules.Decline(_father, Id(1), reason, Noon).Entry!])!;
        Assert.Equal((status, reason, true), (state.Status, state.Reason!.Value, state.IsInterrupted));
    }

    [Fact]
    public void Transfer_does_not_depend_on_the_order_of_entries() =>
        Assert.Equal(TransferStatus.Settled, TransferState.From([Posted, Received, _hold])!.Status);

    [Fact]
    public void Entries_that_are_no_transfer_give_none()
    {
        Entry credit = PersonRules.Credit(_daughter, new CreditOrder(Id(1), 1, "2026-03"), Noon).Entry!;
        Assert.Null(TransferState.From([]));
        Assert.Null(TransferState.From([credit]));
        Assert.Null(TransferState.From([Received]));
        Assert.Null(TransferState.From([credit, Posted]));
    }

    [Fact]
    public void Order_with_any_other_content_is_not_the_same()
    {
        TransferState state = TransferState.From([_hold])!;
        Assert.True(state.IsSameAs(Order()));
        Assert.False(state.IsSameAs(Order(2)));
        Assert.False(state.IsSameAs(Order(payer: "son")));
        Assert.False(state.IsSameAs(Order(payee: "mother")));
        Assert.False(state.IsSameAs(Order(source: TransferSource.Wallet)));
        Assert.False(state.IsSameAs(Order(amountFen: 80_001)));
        Assert.False(state.IsSameAs(Order(kinship: Kinship.Spouse)));
    }
}
