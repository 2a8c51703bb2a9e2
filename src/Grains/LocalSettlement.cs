using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>What became of the legs of a transfer that was sent along; a leg that was not sent is too early.</summary>
internal sealed record SentLegs(LegReply Hold, LegReply Answer, LegReply Outcome)
{
    private static readonly LegReply NotSent = new() { Status = LegStatus.TooEarly };

    public static SentLegs HoldAlone(in LegReply hold) => new(hold, NotSent, NotSent);

    public static SentLegs WithoutOutcome(in LegReply hold, in LegReply answer) => new(hold, answer, NotSent);
}

/// <summary>
/// The three legs of a transfer that waits for nobody, between two persons on this silo: on the giver's turns from the hold to the post, with one call to the recipient
/// between. Sent one by one from the transfer grain's turns they would be twice as many ways between turns, which cost more than the legs.
/// </summary>
/// <param name="Hold">The giver's part.</param>
/// <param name="Payee">The recipient.</param>
internal sealed record LocalSettlement(HoldLeg Hold, LocalPerson Payee)
{
    /// <summary>
    /// Runs on the giver's turns. It waits for nobody who could be waiting for the giver: a recipient who is about to leave memory takes no call, and the legs that
    /// are left are sent as messages, by the transfer grain.
    /// </summary>
    public static async Task<SentLegs> RunAsync(IInsuredPersonGrain payer, LocalSettlement settlement)
    {
        LegReply hold = await payer.HoldAsync(settlement.Hold);
        if (hold is not { Status: LegStatus.Done, Ticket: { } held }
            || !settlement.Payee.TryCall(settlement.Receive(hold, held), static (payee, leg) => payee.ReceiveAsync(leg), out Task<LegReply>? receiving))
        {
            return SentLegs.HoldAlone(hold);
        }

        LegReply received = await receiving;
        return received is { Status: LegStatus.Done, Ticket: { } answered }
            ? new SentLegs(hold, received, await payer.PostAsync(new PostLeg(settlement.Hold.Transfer.Id, answered)))
            : SentLegs.WithoutOutcome(hold, received);
    }

    private ReceiveLeg Receive(in LegReply hold, LegTicket held) =>
        new(Hold.Transfer.Id, Hold.Transfer.Payer, hold.Region!, Hold.Transfer.AmountFen, hold.ExpiresAt, held);
}
