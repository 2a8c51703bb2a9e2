using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage.Tests;

/// <summary>What an operator learns of a store that fails.</summary>
public sealed partial class JournalTests
{
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

        // A probe may have been under way when the reason changed: how many repeats there are does not matter.
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

    /// <summary>So many failed probes more.</summary>
    private Task ProbesAsync(int count)
    {
        int until = _log.LevelsOf(ProbeFailed).Count + count;
        return AdvanceUntilAsync(() => _log.LevelsOf(ProbeFailed).Count >= until);
    }
}
