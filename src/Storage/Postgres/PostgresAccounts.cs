using System.Collections.Concurrent;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// The numbers of accounts, by which entries are keyed. An account gets its number in a transaction of its own, before its first entry: whatever becomes
/// of that entry, a number that was seen once is there and can be remembered. Only a server that takes over from another one may lack the latest numbers;
/// so a batch with the first entry of an account, or of a writer, checks that the account's number is still there.
/// </summary>
/// <param name="connections">To the server.</param>
internal sealed class PostgresAccounts(PostgresConnections connections)
{
    private readonly Lock _gate = new();

    /// <summary>The numbers asked for recently, and those from before. When the recent ones are many, they replace the earlier ones, which are forgotten.</summary>
    private volatile ConcurrentDictionary<string, long> _recent = NewMemory();
    private volatile ConcurrentDictionary<string, long> _earlier = NewMemory();
    private int _recentCount;

    /// <summary>The number of an account, in SQL: NULL when there is none.</summary>
    /// <param name="name">An expression for its name.</param>
    public static string NumberOf(string name) => $"(SELECT number FROM accounts WHERE name = {name})";

    /// <summary>Remembers a number that was read.</summary>
    public void Remember(string account, long number)
    {
        if (!_recent.TryAdd(account, number) || Interlocked.Increment(ref _recentCount) <= StorageLimits.AccountNumbersRemembered)
        {
            return;
        }

        lock (_gate)
        {
            if (_recentCount > StorageLimits.AccountNumbersRemembered)
            {
                (_earlier, _recent, _recentCount) = (_recent, NewMemory(), 0);
            }
        }
    }

    /// <summary>After a batch was refused: forgets the numbers that it had checked, so that they are asked for again. They may be what it was refused for.</summary>
    public void ForgetChecked(SealedBatch batch)
    {
        foreach (int position in BatchAnalysis.Firsts(batch))
        {
            string account = batch.Entries[position].Entry.Account;
            _recent.TryRemove(account, out _);
            _earlier.TryRemove(account, out _);
        }
    }

    /// <summary>The numbers of the entries' accounts. Accounts that have none yet get one, durably.</summary>
    public async ValueTask<long[]> OfAsync(IReadOnlyList<EncodedEntry> entries, CancellationToken cancellationToken)
    {
        long[] numbers = new long[entries.Count];
        HashSet<string>? unknown = null;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!TryGet(entries[i].Entry.Account, out numbers[i]))
            {
                (unknown ??= new HashSet<string>(StringComparer.Ordinal)).Add(entries[i].Entry.Account);
            }
        }

        if (unknown is not null)
        {
            Dictionary<string, long> assigned = await AssignAsync(unknown, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = numbers[i] == 0 ? assigned[entries[i].Entry.Account] : numbers[i];
            }
        }

        return numbers;
    }

    private bool TryGet(string account, out long number)
    {
        if (_recent.TryGetValue(account, out number))
        {
            return true;
        }

        if (_earlier.TryGetValue(account, out number))
        {
            Remember(account, number);
            return true;
        }

        return false;
    }

    private async Task<Dictionary<string, long>> AssignAsync(HashSet<string> names, CancellationToken cancellationToken)
    {
        // In a fixed order, so that two silos that meet the same new persons at the same moment never deadlock.
        string[] ordered = [.. names.Order(StringComparer.Ordinal)];
        Dictionary<string, long> numbers = await connections.RunAsync(
            async (connection, token) =>
            {
                // Two statements: the second sees what another silo has assigned while the first waited for it.
                await using NpgsqlBatch batch = connection.CreateBatch();
                batch.AddCommand("INSERT INTO accounts (name) SELECT name FROM unnest($1) WITH ORDINALITY AS f(name, place) ORDER BY place ON CONFLICT DO NOTHING").AddValue(ordered);
                batch.AddCommand("SELECT name, number FROM accounts WHERE name = ANY($1)").AddValue(ordered);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
                Dictionary<string, long> found = new(StringComparer.Ordinal);
                do
                {
                    while (await reader.ReadAsync(token).ConfigureAwait(false))
                    {
                        found.Add(reader.GetString(0), reader.GetInt64(1));
                    }
                }
                while (await reader.NextResultAsync(token).ConfigureAwait(false));
                return found;
            },
            cancellationToken).ConfigureAwait(false);
        foreach ((string name, long number) in numbers)
        {
            Remember(name, number);
        }

        return numbers;
    }

    private static ConcurrentDictionary<string, long> NewMemory() => new(StringComparer.Ordinal);
}
