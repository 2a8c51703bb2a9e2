using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>
/// Stands for successive activations of one account: loads it, appends credits, and reloads whenever the journal reports that its state is stale.
/// Each credit keeps its operation until the ledger has it, as for a caller who repeats a request.
/// </summary>
internal sealed class Producer(string account, ILedgerStore store, params Journal[] journals)
{
    private readonly HashSet<Guid> _answered = [];
    private Book? _book;

    /// <summary>The operations that were answered as durable.</summary>
    public IReadOnlySet<Guid> Answered => _answered;

    /// <summary>The outcomes other than durable that occurred.</summary>
    public HashSet<AppendOutcome> Met { get; } = [];

    /// <summary>Appends until a number of credits are in the ledger, with a bounded number in flight.</summary>
    public async Task RunAsync(int credits, int inFlightMax = 8)
    {
        Queue<Guid> todo = new(Enumerable.Range(0, credits).Select(_ => Guid.NewGuid()));
        while (todo.Count > 0)
        {
            Guid[] round = [.. todo.Take(inFlightMax)];
            HashSet<Guid> there = await LoadAsync();
            Task<AppendOutcome>[] outcomes = [.. round.Where(operation => !there.Contains(operation)).Select(operation => Append(operation))];
            AppendOutcome[] results = await Task.WhenAll(outcomes);
            Met.UnionWith(results.Where(result => result != AppendOutcome.Durable));
            Guid[] sent = [.. round.Where(operation => !there.Contains(operation))];
            for (int i = 0; i < sent.Length; i++)
            {
                if (results[i] == AppendOutcome.Durable)
                {
                    Assert.True(_answered.Add(sent[i]));
                }
            }

            HashSet<Guid> done = [.. there.Concat(_answered)];
            todo = new Queue<Guid>(todo.Where(operation => !done.Contains(operation)));
            if (results.Any(result => result != AppendOutcome.Durable))
            {
                _book = null;
                await Task.Yield();
            }
        }
    }

    private Task<AppendOutcome> Append(Guid operation)
    {
        Journal journal = journals[Random.Shared.Next(journals.Length)];
        Book book = _book!;
        if (book.Writer.IsPoisoned)
        {
            return Task.FromResult(AppendOutcome.Stale);
        }

        Book next = new(account, book.Version, book.Balances);
        Entry entry = book.Version == 0 ? next.Register(operation) : next.Credit(1, operation);
        if (!journal.TryAppend(book.Writer, entry, out Task<AppendOutcome> durable, out AppendOutcome refusal))
        {
            return Task.FromResult(refusal);
        }

        _ = book.Version == 0 ? book.Register(operation) : book.Credit(1, operation);
        return durable;
    }

    /// <summary>With several journals, loads a new activation for each round, so that they collide; with one journal, only when needed.</summary>
    private async Task<HashSet<Guid>> LoadAsync()
    {
        if (_book is not null && journals.Length == 1)
        {
            return [];
        }

        while (true)
        {
            try
            {
                AccountHistory history = await store.LoadAccountAsync(account, default);
                Entry? last = history.Entries.Count > 0 ? history.Entries[^1] : null;
                _book = new Book(account, last?.Version ?? 0, last?.Balances ?? default);
                return [.. history.Entries.Select(entry => entry.Operation)];
            }
            catch (StoreUnavailableException)
            {
                await Task.Yield();
            }
        }
    }
}
