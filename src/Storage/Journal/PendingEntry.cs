using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An entry in a partition's queue or batch.</summary>
internal sealed class PendingEntry(object owner, JournalPartition partition, AccountWriter writer, Entry entry, byte[]? detail, PendingEntry? after)
    : AppendTicket(owner, null)
{
    public JournalPartition Partition { get; } = partition;

    public AccountWriter Writer { get; } = writer;

    public Entry Entry { get; } = entry;

    public byte[]? Detail { get; } = detail;

    /// <summary>The entry of the same partition that this one may not be written without; null when there is none.</summary>
    public PendingEntry? After { get; } = after;

    /// <summary>What this entry rests on was not written.</summary>
    public bool HasLostGround => After?.Ended is { } outcome && outcome != AppendOutcome.Durable;
}
