using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An entry in a partition's queue or batch.</summary>
internal sealed class PendingEntry(object owner, JournalPartition partition, AccountWriter writer, Entry entry, byte[]? detail, PendingEntry? after)
    : AppendTicket(owner, null)
{
    private Entry? _entry = entry;
    private byte[]? _detail = detail;
    private PendingEntry? _after = after;

    public JournalPartition Partition { get; } = partition;

    public AccountWriter Writer { get; } = writer;

    public Entry Entry => _entry ?? throw new InvalidOperationException("The entry has ended.");

    public byte[]? Detail => _detail;

    /// <summary>The writer's entry before this one, if it was still on its way when this one was queued. Touched under the partition's lock, until this entry ends.</summary>
    public PendingEntry? Previous { get; set; }

    /// <summary>
    /// Whether this entry may no longer be written: the entry of the same partition that it follows was not written, or its writer decided it on an entry
    /// that was not.
    /// </summary>
    public bool IsLost => Writer.IsBarred(Entry.Version) || (_after?.Ended is { } outcome && outcome != AppendOutcome.Durable);

    /// <summary>Drops all references: an account at rest may still hold a ticket, which must not keep alive what came with it.</summary>
    internal override void End(AppendOutcome outcome)
    {
        base.End(outcome);
        (_entry, _detail, _after, Previous) = (null, null, null, null);
    }
}
