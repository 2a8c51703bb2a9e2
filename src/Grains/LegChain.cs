using Gongji.Grains.Messages;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>Sends the legs of an operation one behind the other: inside a silo they are queued without waiting, between silos each waits for the one before.</summary>
internal sealed class LegChain(IJournal journal)
{
    /// <summary>What the first leg of an operation follows: nothing.</summary>
    public LegTicket First { get; } = new(journal.Ground);

    /// <summary>What a leg behind another one follows when it is sent at once.</summary>
    public LegTicket Behind(in LegReply before) => before.Ticket ?? First;

    /// <summary>Sends a leg behind another one; from silo to silo only when that one is durable. Already there: the ledger has to be asked.</summary>
    public async Task<LegReply> SendAsync(LegReply before, Func<LegTicket, Task<LegReply>> send)
    {
        LegReply reply = await send(Behind(before));
        return reply.Status == LegStatus.TooEarly ? await SendLaterAsync(before, send) : reply;
    }

    /// <summary>Sends a leg that could not be sent at once: when the one before is durable.</summary>
    public async Task<LegReply> SendLaterAsync(LegReply before, Func<LegTicket, Task<LegReply>> send) =>
        await OutcomeOfAsync(before) == AppendOutcome.Durable ? await send(LegTicket.Durable) : new LegReply { Status = LegStatus.AlreadyThere };

    /// <summary>What became of a leg that was done.</summary>
    public Task<AppendOutcome> OutcomeOfAsync(LegReply leg) =>
        leg.Ticket is null ? journal.Ground.Outcome
        : leg.Ticket.In(journal)?.Outcome ?? Task.FromResult(AppendOutcome.Unknown);
}
