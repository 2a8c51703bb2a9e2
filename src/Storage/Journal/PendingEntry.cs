using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// A queued entry and, being its completion source itself, one allocation less per entry. Continuations run asynchronously: a caller's code
/// never runs inside the journal's loop.
/// </summary>
internal sealed class PendingEntry(AccountWriter writer, Entry entry, byte[]? detail)
    : TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public AccountWriter Writer { get; } = writer;

    public Entry Entry { get; } = entry;

    public byte[]? Detail { get; } = detail;
}
