using Gongji.Storage;

namespace Gongji.Grains.Messages;

/// <summary>
/// The leg that another leg follows, and that may still be on its way to the disk. Inside one silo the ticket leads to that entry,
/// so the next leg is queued behind it at once, and a whole transfer waits for the disk once. The ticket does not leave its silo: a receiver
/// elsewhere only sees whether the leg was durable when the ticket was sent.
/// </summary>
[GenerateSerializer, Immutable, Alias("gongji.leg-ticket")]
public sealed class LegTicket
{
    /// <summary>A leg known to be durable, from any silo. A leg that follows it is answered once it is durable itself.</summary>
    public static readonly LegTicket Durable = new() { IsDurable = true };

    [NonSerialized]
    private readonly AppendTicket? _ticket;

    /// <summary>For serializers.</summary>
    public LegTicket()
    {
    }

    internal LegTicket(AppendTicket ticket) => (_ticket, IsDurable) = (ticket, ticket.Ended == AppendOutcome.Durable);

    /// <summary>Whether the leg was durable when the ticket was sent.</summary>
    [Id(0)]
    public bool IsDurable { get; init; }

    /// <summary>The entry, when it is in this journal; null when it is in another silo's.</summary>
    internal AppendTicket? In(IJournal journal) => ReferenceEquals(_ticket?.Owner, journal.Ground.Owner) ? _ticket : null;
}
