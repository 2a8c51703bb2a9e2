using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>How a transfer's legs reach the two persons, one behind the other.</content>
internal sealed partial class TransferGrain
{
    private Task<LegReply> SendOutcomeAsync(TransferState state, EndReason? reason, LegTicket after) => reason is { } why
        ? persons.CallAsync(state.Payer, new VoidLeg(state.Id, why, after), static (payer, leg) => payer.VoidAsync(leg))
        : SendPostAsync(state.Payer, new PostLeg(state.Id, after));

    private Task<LegReply> SendHoldAsync(HoldLeg leg) => persons.CallAsync(leg.Transfer.Payer, leg, static (payer, leg) => payer.HoldAsync(leg));

    /// <summary>
    /// Sends the recipient's leg behind the hold, and the giver's behind that, and waits for them. Done: all three are durable, and the time is that of the recipient's leg.
    /// Refused: the recipient's leg was refused. Otherwise the ledger has to be asked.
    /// </summary>
    private async Task<LegReply> SendAndWaitAsync(LegReply hold, Func<LegTicket, Task<LegReply>> answer, Func<LegTicket, Task<LegReply>> outcome)
    {
        (LegReply answered, Task<AppendOutcome>? last) = await SendAsync(hold, answer, outcome);
        return last is null || await last == AppendOutcome.Durable ? answered : AlreadyThere;
    }

    /// <summary>The same without waiting: returns the last leg's outcome as a task while that leg is still on its way.</summary>
    private async ValueTask<(LegReply Answered, Task<AppendOutcome>? Last)> SendAsync(
        LegReply hold, Func<LegTicket, Task<LegReply>> answer, Func<LegTicket, Task<LegReply>> outcome)
    {
        LegReply answered = await _legs.SendAsync(hold, answer);
        if (answered.Status != LegStatus.Done)
        {
            return (answered, null);
        }

        LegReply ended = await _legs.SendAsync(answered, outcome);
        return ended.Status == LegStatus.Done ? (answered, _legs.OutcomeOfAsync(ended)) : (AlreadyThere, null);
    }

    private Task<LegReply> SendReceiptAsync(string payee, ReceiveLeg leg) => persons.CallAsync(payee, leg, static (payee, leg) => payee.ReceiveAsync(leg));

    private Task<LegReply> SendPostAsync(string payer, PostLeg leg) => persons.CallAsync(payer, leg, static (payer, leg) => payer.PostAsync(leg));
}
