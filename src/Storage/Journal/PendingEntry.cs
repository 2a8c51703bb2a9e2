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

    /// <summary>An entry of the same partition that this one may not be written without was not written.</summary>
    public bool HasLostGround => _after?.Ended is { } outcome && outcome != AppendOutcome.Durable;

    /// <summary>Lets go of everything: an account at rest keeps its last ticket, and should not keep what came with it.</summary>
    internal override void End(AppendOutcome outcome)
    {
        base.End(outcome);
        (_entry, _detail, _after) = (null, null, null);
    }
}
