using Gongji.Grains.Messages;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>Sends the legs of an operation one behind the other. Inside a silo they are queued without waiting; between silos each waits for the one before.</summary>
internal sealed class LegChain(IJournal journal)
{
    /// <summary>What the first leg of an operation follows: nothing.</summary>
    public LegTicket First { get; } = new(journal.Ground);

    /// <summary>Sends a leg behind another one; to another silo only once that one is durable. The status AlreadyThere means that the ledger has to be asked.</summary>
    public async ValueTask<LegReply> SendAsync(LegReply before, Func<LegTicket, Task<LegReply>> send)
    {
        LegReply reply = await send(before.Ticket ?? First);
        return reply.Status != LegStatus.TooEarly ? reply
            : await OutcomeOfAsync(before) == AppendOutcome.Durable ? await send(LegTicket.Durable)
            : new LegReply { Status = LegStatus.AlreadyThere };
    }

    /// <summary>The outcome of a leg that was done.</summary>
    public Task<AppendOutcome> OutcomeOfAsync(LegReply leg) =>
        leg.Ticket is null ? journal.Ground.Outcome
        : leg.Ticket.In(journal)?.Outcome ?? Task.FromResult(AppendOutcome.Unknown);
}
