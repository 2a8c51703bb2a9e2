using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage.Tests;

/// <summary>What operators are told about a failing store, and how long deferrable work waits.</summary>
public sealed partial class JournalTests
{
    private const int SnapshotsFailed = 1009;
    private const int ProbeFailed = 1010;

    [Fact]
    public async Task Why_a_partition_stays_down_is_told_at_first_and_when_it_changes()
    {
        _clock.AutoAdvance = false;
        _store.IsDown = true;
        Book a = new("a");
        Task<AppendOutcome> lost = Append(a, a.Register());
        await AdvanceUntilAsync(() => lost.IsCompleted);
        await ProbesAsync(3);
        _store.Failure = () => new StoreUnavailableException("scripted", new PostgresException("no room", "ERROR", "ERROR", PostgresErrorCodes.DiskFull));
        await ProbesAsync(2);
        _store.Failure = () => new StoreUnavailableException("scripted", new PostgresException("a standby", "ERROR", "ERROR", PostgresErrorCodes.ReadOnlySqlTransaction));
        await ProbesAsync(2);
        _store.Failure = () => new InvalidOperationException("scripted");
        await ProbesAsync(2);
        _store.IsDown = false;
        await AdvanceUntilAsync(() => _journal.IsHealthy);

        // A probe may have been in flight when the reason changed, so the number of repeats does not matter.
        LogLevel[] told = [.. _log.LevelsOf(ProbeFailed).Where(level => level != LogLevel.Debug)];
        Assert.Equal([LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Error], told);
        Assert.Contains(LogLevel.Debug, _log.LevelsOf(ProbeFailed));
    }

    [Fact]
    public async Task Stop_while_a_partition_is_down_is_no_failure()
    {
        _clock.AutoAdvance = false;
        _store.IsDown = true;
        Book a = new("a");
        Task<AppendOutcome> lost = Append(a, a.Register());
        await AdvanceUntilAsync(() => lost.IsCompleted);
        await ProbesAsync(1);
        int told = _log.LevelsOf(ProbeFailed).Count;
        await _journal.StopAsync(default);

        Assert.Equal(told, _log.LevelsOf(ProbeFailed).Count);
    }

    [Fact]
    public async Task Snapshots_after_a_failed_write_of_some_wait_for_a_second()
    {
        _clock.AutoAdvance = false;
        _store.SnapshotsFail = true;
        OfferSnapshots(1);
        await WaitAsync(() => _clock.PendingTimers == 1);
        OfferSnapshots(2 * StorageLimits.SnapshotBatchMax);
        _clock.Advance(TimeSpan.FromMilliseconds(StorageLimits.SnapshotRetryMs - 1));
        Assert.Equal((1, 1), (_store.SnapshotWrites, _clock.PendingTimers));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await WaitAsync(() => _store.SnapshotWrites == 2 && _clock.PendingTimers == 1);

        _store.SnapshotsFail = false;
        _clock.Advance(TimeSpan.FromMilliseconds(StorageLimits.SnapshotRetryMs));
        await WaitAsync(() => _store.Snapshots.Count == StorageLimits.SnapshotBatchMax);
        Assert.Equal([LogLevel.Warning, LogLevel.Debug], _log.LevelsOf(SnapshotsFailed));
    }

    [Fact]
    public async Task Snapshots_that_fail_by_a_bug_are_an_error()
    {
        _clock.AutoAdvance = false;
        _store.Failure = () => new InvalidOperationException("scripted");
        _store.SnapshotsFail = true;
        OfferSnapshots(1);
        await WaitAsync(() => _clock.PendingTimers == 1);

        Assert.Equal([LogLevel.Error], _log.LevelsOf(SnapshotsFailed));
    }

    [Fact]
    public async Task Stop_does_not_wait_for_snapshots_that_cannot_be_written()
    {
        _clock.AutoAdvance = false;
        _store.SnapshotsFail = true;
        OfferSnapshots(1);
        await WaitAsync(() => _clock.PendingTimers == 1);
        OfferSnapshots(2 * StorageLimits.SnapshotBatchMax);
        await _journal.StopAsync(default).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(2, _store.SnapshotWrites);
    }

    /// <summary>Offers snapshots, each of a different account.</summary>
    private void OfferSnapshots(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _journal.OfferSnapshot(new AccountSnapshot($"{count}-{i}", 1, []));
        }
    }

    /// <summary>Waits for a number of further failed probes.</summary>
    private Task ProbesAsync(int count)
    {
        int until = _log.LevelsOf(ProbeFailed).Count + count;
        return AdvanceUntilAsync(() => _log.LevelsOf(ProbeFailed).Count >= until);
    }
}
