using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// Loads accounts. A few reads are under way at most; accounts that are asked for meanwhile are read together by the next one, which for many costs the server
/// and this process a fraction of a read for each. Who is alone does not wait.
/// </summary>
/// <param name="connections">To the server.</param>
/// <param name="accounts">Remembers the numbers of the accounts that were loaded.</param>
internal sealed class PostgresAccountReader(PostgresConnections connections, PostgresAccounts accounts)
{
    /// <summary>
    /// One statement, so that a snapshot and what follows it are of one moment. A snapshot's row has kind 0, which no entry has. Each account has its rows by look-ups of its
    /// own, whatever the server thinks of the number of names: what is ordered inside is not taken apart.
    /// </summary>
    private static readonly string Load = $"""
        SELECT s.version, 0::bigint AS at, NULL::uuid AS operation, 0 AS position, 0::smallint AS leg, 0::smallint AS kind, s.state, NULL::bytea AS outcome,
            NULL::bigint AS account, f.place
        FROM unnest($1) WITH ORDINALITY AS f(name, place)
        CROSS JOIN LATERAL (SELECT version, state FROM snapshots WHERE account = f.name ORDER BY version) s
        UNION ALL
        SELECT e.*, f.place
        FROM unnest($1) WITH ORDINALITY AS f(name, place)
        CROSS JOIN LATERAL (
            SELECT {PostgresRows.EntryColumns}, account FROM entries
            WHERE account = {PostgresAccounts.NumberOf("f.name")} AND version >= coalesce((SELECT version FROM snapshots WHERE account = f.name), 0)
            ORDER BY version) e
        """;

    private const int AccountColumn = PostgresRows.EntryColumnsCount;
    private const int PlaceColumn = AccountColumn + 1;

    private readonly Lock _gate = new();
    private List<Asked> _waiting = [];
    private int _underWay;

    /// <summary>Loads an account.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public Task<AccountHistory> ReadAsync(string account, CancellationToken cancellationToken)
    {
        Asked asked = new(account);
        bool isToRead;
        lock (_gate)
        {
            _waiting.Add(asked);
            isToRead = _underWay < StorageLimits.AccountReadsMax;
            _underWay += isToRead ? 1 : 0;
        }

        if (isToRead)
        {
            _ = ReadWaitingAsync();
        }

        return asked.History.WaitAsync(cancellationToken);
    }

    private async Task ReadWaitingAsync()
    {
        while (Take() is { Count: > 0 } some)
        {
            await ReadAsync(some).ConfigureAwait(false);
        }
    }

    /// <summary>Those who have waited longest; when there are none, this reader has ended.</summary>
    private List<Asked> Take()
    {
        lock (_gate)
        {
            List<Asked> taken = _waiting;
            if (taken.Count > StorageLimits.AccountsPerRead)
            {
                (taken, _waiting) = (taken[..StorageLimits.AccountsPerRead], taken[StorageLimits.AccountsPerRead..]);
            }
            else
            {
                _waiting = [];
            }

            _underWay -= taken.Count == 0 ? 1 : 0;
            return taken;
        }
    }

    private async Task ReadAsync(List<Asked> some)
    {
        try
        {
            await connections.RunAsync((connection, token) => ReadAsync(connection, some, token), CancellationToken.None).ConfigureAwait(false);
            foreach (Asked asked in some)
            {
                asked.End();
            }
        }
        catch (Exception exception) when (some.Count == 1 || exception is StoreUnavailableException)
        {
            foreach (Asked asked in some)
            {
                asked.Fail(exception);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // One of them cannot be read; the others do not suffer for it.
            foreach (Asked asked in some)
            {
                await ReadAsync([asked]).ConfigureAwait(false);
            }
        }
    }

    private async Task<int> ReadAsync(NpgsqlConnection connection, List<Asked> some, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(Load, connection);
        command.Add(some.ConvertAll(asked => asked.Account).ToArray());
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        foreach (Asked asked in some)
        {
            // A read that was cut off is made again from the beginning.
            asked.Clear();
        }

        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            some[(int)reader.GetInt64(PlaceColumn) - 1].Add(reader, accounts);
        }

        return some.Count;
    }

    private sealed class Asked(string account)
    {
        private readonly TaskCompletionSource<AccountHistory> _history = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Entry> _entries = [];
        private byte[]? _snapshot;
        private long _snapshotVersion;

        public string Account => account;

        public Task<AccountHistory> History => _history.Task;

        public void Clear()
        {
            _entries.Clear();
            (_snapshot, _snapshotVersion) = (null, 0);
        }

        public void Add(NpgsqlDataReader row, PostgresAccounts accounts)
        {
            if (row.IsDBNull(AccountColumn))
            {
                (_snapshotVersion, _snapshot) = (row.GetInt64(0), row.GetFieldValue<byte[]>(6));
                return;
            }

            if (_entries.Count == 0)
            {
                accounts.Remember(account, row.GetInt64(AccountColumn));
            }

            PostgresRows.ReadRow(row).AddTo(_entries);
        }

        public void End()
        {
            // The row of the snapshot's version may have the next one in it.
            _entries.RemoveAll(entry => entry.Version <= _snapshotVersion);
            _history.TrySetResult(new AccountHistory(_snapshot, _snapshotVersion, _entries));
        }

        public void Fail(Exception exception) => _history.TrySetException(exception);
    }
}
