using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Storage.Tests;

/// <summary>The store itself adds new blocks to the block range index: vacuum does not do so, and the store does not wait for one.</summary>
public sealed class PostgresBlockRangesTests : IAsyncLifetime
{
    private const int RangesWritten = 20;

    /// <summary>Ranges at the end may be missing: the last full one, and the incomplete one.</summary>
    private const long LeftMax = 2;

    private PostgresHarness _harness = null!;
    private ILedgerStore _store = null!;
    private PostgresConnections _connections = null!;
    private PostgresBlockRanges _ranges = null!;

    public async Task InitializeAsync()
    {
        _harness = await PostgresHarness.CreateAsync();
        _store = await _harness.OpenMigratedAsync();
        _connections = new PostgresConnections(new PostgresStoreOptions { ConnectionString = _harness.ConnectionString }, NullLogger.Instance);
        _ranges = new PostgresBlockRanges(_connections, new FakeClock { AutoAdvance = true }, NullLogger.Instance);
    }

    public async Task DisposeAsync()
    {
        await _ranges.DisposeAsync();
        await _connections.DisposeAsync();
        await _store.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task Blocks_are_added_as_they_fill_and_by_nobody_else()
    {
        await WriteAsync();
        await CommittedAsync();
        Assert.Equal(0, await LeftAsync());

        await WriteAsync();
        await _harness.ExecuteAsync("VACUUM entries");
        _ranges.OnCommitted(StorageLimits.EntriesPerSummary - 1);
        await _ranges.Work;
        await CommittedAsync();
        Assert.InRange(await LeftAsync(), 1, LeftMax);
    }

    [Fact]
    public async Task Vacuum_adds_none()
    {
        await WriteAsync();
        await _harness.ExecuteAsync("VACUUM entries");

        // The first range has been in the index since the index was created.
        Assert.InRange(await LeftAsync(), RangesWritten - 1, long.MaxValue);
    }

    [Fact]
    public async Task What_a_vacuum_kept_it_from_the_next_time_does()
    {
        await CommittedAsync();
        await WriteAsync();
        await using (NpgsqlConnection vacuum = new(_harness.ConnectionString))
        {
            await vacuum.OpenAsync();
            await using NpgsqlTransaction transaction = await vacuum.BeginTransactionAsync();
            await using NpgsqlCommand command = new("LOCK TABLE entries IN SHARE UPDATE EXCLUSIVE MODE", vacuum, transaction);
            await command.ExecuteNonQueryAsync();
            await CommittedAsync();
        }

        await CommittedAsync();
        Assert.InRange(await LeftAsync(), 1, LeftMax);
    }

    [Fact]
    public async Task Store_that_is_gone_is_no_failure()
    {
        await _harness.ExecuteAsync("ALTER INDEX entries_at_batch RENAME TO elsewhere");
        await CommittedAsync();
        await _harness.ExecuteAsync("ALTER INDEX elsewhere RENAME TO entries_at_batch");
        await WriteAsync();
        await CommittedAsync();
        Assert.Equal(0, await LeftAsync());
    }

    private Task CommittedAsync()
    {
        _ranges.OnCommitted(StorageLimits.EntriesPerSummary);
        return _ranges.Work;
    }

    /// <summary>Writes incompressible rows, four to a block.</summary>
    private Task WriteAsync() => _harness.ExecuteAsync(
        $"""
        INSERT INTO entries
        SELECT 1, (SELECT coalesce(max(version), 0) FROM entries) + n, 0, 1, NULL, NULL, gen_random_uuid(), 0, 1, 1, false, body, NULL
        FROM generate_series(1, {RangesWritten * 128 * 4}) n, (SELECT string_agg(decode(md5(i::text), 'hex'), '') AS body FROM generate_series(1, 115) i) b
        """);

    /// <summary>The number of ranges that were missing from the index; the call adds them.</summary>
    private async Task<long> LeftAsync() => (int)(await _harness.ScalarAsync("SELECT brin_summarize_new_values('entries_at_batch')"))!;
}
