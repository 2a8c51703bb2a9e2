using Gongji.Ledger;

namespace Gongji.Storage.Tests;

internal static class JournalExtensions
{
    /// <summary>Queues an entry that follows no other; <paramref name="durable"/> gives its outcome.</summary>
    public static bool TryAppend(this IJournal journal, AccountWriter writer, Entry entry, out Task<AppendOutcome> durable, out AppendOutcome refusal)
    {
        bool isQueued = journal.TryAppend(writer, entry, journal.Ground, out AppendTicket? ticket, out refusal);
        durable = ticket?.Outcome ?? Task.FromResult(refusal);
        return isQueued;
    }

    /// <summary>Queues an entry that follows another one.</summary>
    public static AppendTicket Follow(this IJournal journal, AppendTicket after, Book book, Entry entry)
    {
        Assert.True(journal.TryAppend(book.Writer, entry, after, out AppendTicket? ticket, out _));
        return ticket;
    }
}
