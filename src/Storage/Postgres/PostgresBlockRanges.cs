using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// Keeps the block range index of entries complete. PostgreSQL would add new blocks to it about once a minute, all at once; at full load that takes a
/// processor for more than a second. Here a few blocks are added at a time, as they fill. Every query of the index also looks at blocks that are not in
/// it, so being late costs readers time, and nothing else.
/// </summary>
internal sealed class PostgresBlockRanges : IAsyncDisposable
{
    /// <summary>
    /// The number of full ranges of the table, and whether somebody holds the lock that adding them takes: a vacuum, or another process of this program.
    /// Waiting for a vacuum would end that vacuum after a second. A range is 128 blocks (<c>pages_per_range</c> of the index).
    /// </summary>
    private const string Look = """
        SELECT pg_relation_size('entries') / current_setting('block_size')::bigint / 128,
            EXISTS (SELECT FROM pg_locks WHERE relation = 'entries'::regclass AND mode = 'ShareUpdateExclusiveLock'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
            set_config('lock_timeout', '100ms', true)
        """;

    /// <summary>Adds what an earlier process has left.</summary>
    private const string AddAll = "SELECT brin_summarize_new_values('entries_at_batch')";

    private const string AddRanges = "SELECT sum(brin_summarize_range('entries_at_batch', range * 128)) FROM generate_series($1, $2) range";

    private readonly Lock _lock = new();
    private readonly PostgresConnections _connections;
    private readonly TimeProvider _clock;
    private readonly BackgroundStep _work;
    private long _entries;

    /// <summary>The first range that may be missing from the index; null until this process has added what was left.</summary>
    private long? _next;

    public PostgresBlockRanges(PostgresConnections connections, TimeProvider clock, ILogger logger)
    {
        _connections = connections;
        _clock = clock;
        _work = new BackgroundStep(logger.RangesNotSummarized);
    }

    /// <summary>The step under way, or the last one.</summary>
    public Task Work => _work.Last;

    /// <summary>Called for each durable batch. When its entries and those before may have filled some ranges, starts adding these to the index in the background.</summary>
    public void OnCommitted(int entries)
    {
        lock (_lock)
        {
            _entries += entries;
            if (_entries >= StorageLimits.EntriesPerSummary && _work.TryStart(SummarizeAsync))
            {
                _entries = 0;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task SummarizeAsync(CancellationToken stop)
    {
        while (await _connections.RunAsync(StepAsync, stop).ConfigureAwait(false))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(StorageLimits.SummaryPauseMs), _clock, stop).ConfigureAwait(false);
        }
    }

    /// <returns>Whether there is more to do.</returns>
    private async Task<bool> StepAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            (long full, bool isBusy) = await LookAsync(connection, cancellationToken).ConfigureAwait(false);
            if (isBusy)
            {
                // The next step does what is left now.
                return false;
            }

            // The last full range is left out: if it were in the index already, rows still written there would have to be added one by one.
            long end = Math.Max(0, full - 1);
            long upTo = _next is { } next ? Math.Min(next + StorageLimits.RangesPerSummary, end) : end;
            await using NpgsqlCommand command = new(_next is null ? AddAll : AddRanges, connection);
            if (_next is { } first)
            {
                command.Add(first).Add(upTo - 1);
            }

            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            _next = upTo;
            return upTo < end;
        }
    }

    private static async Task<(long Full, bool IsBusy)> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(Look, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (reader.GetInt64(0), reader.GetBoolean(1));
    }
}
