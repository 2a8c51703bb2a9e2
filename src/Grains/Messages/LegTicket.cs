using Gongji.Storage;

namespace Gongji.Grains.Messages;

/// <summary>
/// What a leg of a transfer follows: the leg before it, which may still be on its way to the disk. Inside one silo the ticket leads to that entry,
/// so the next leg is queued behind it at once and a whole transfer is one wait for the disk. It does not leave its silo: whoever gets
/// it elsewhere only sees whether the leg was durable when it was sent.
/// </summary>
[GenerateSerializer, Immutable, Alias("gongji.leg-ticket")]
public sealed class LegTicket
{
    /// <summary>A leg that is known to be durable, from whatever silo. Who follows it answers when it is durable itself.</summary>
    public static readonly LegTicket Durable = new() { IsDurable = true };

    [NonSerialized]
    private readonly AppendTicket? _ticket;

    /// <summary>For serializers.</summary>
    public LegTicket()
    {
    }

    internal LegTicket(AppendTicket ticket) => (_ticket, IsDurable) = (ticket, ticket.Ended == AppendOutcome.Durable);

    /// <summary>Whether it was durable when this was sent.</summary>
    [Id(0)]
    public bool IsDurable { get; init; }

    /// <summary>The entry, when it is in this journal; null when another silo's has it.</summary>
    internal AppendTicket? In(IJournal journal) => ReferenceEquals(_ticket?.Owner, journal.Ground.Owner) ? _ticket : null;
}
