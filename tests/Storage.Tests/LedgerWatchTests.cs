using System.Collections.Immutable;
using Gongji.Ledger;
using Gongji.TestKit;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage.Tests;

/// <summary>The watch of chain heads continues whatever a read of them throws.</summary>
public sealed class LedgerWatchTests
{
    private const int FeedUnavailable = 1400;

    private readonly FakeClock _clock = new();
    private readonly RecordedLog<LedgerWatch> _log = new();
    private readonly ScriptedFeed _feed = new();

    [Theory]
    [InlineData(typeof(InvalidOperationException), LogLevel.Error)]
    [InlineData(typeof(OperationCanceledException), LogLevel.Error)]
    [InlineData(typeof(ObjectDisposedException), LogLevel.Error)]
    [InlineData(typeof(StoreUnavailableException), LogLevel.Warning)]
    public async Task Read_that_fails_is_told_once_and_the_next_poll_goes_on(Type failure, LogLevel level)
    {
        using LedgerWatch watch = new(new ScriptedStore { Feed = _feed }, _clock, _log);
        using LedgerListener listener = await watch.ListenAsync(default);
        _feed.Failure = failure == typeof(StoreUnavailableException)
            ? new StoreUnavailableException("scripted")
            : (Exception)Activator.CreateInstance(failure, "scripted")!;
        await PollAsync();
        await PollAsync();
        (_feed.Failure, _feed.Sequence) = (null, 1);
        await PollAsync();

        LedgerNews news = await listener.News.Next.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, news.Heads[1]);
        Assert.Equal([level, LogLevel.Debug], _log.LevelsOf(FeedUnavailable));
    }

    [Fact]
    public async Task Disposal_ends_the_polls_without_a_word()
    {
        LedgerWatch watch = new(new ScriptedStore { Feed = _feed }, _clock, _log);
        using LedgerListener listener = await watch.ListenAsync(default);
        await PollAsync();
        watch.Dispose();

        Assert.Equal(0, _clock.PendingTimers);
        Assert.Empty(_log.LevelsOf(FeedUnavailable));
    }

    /// <summary>Lets one poll run, and waits until the next one is pending.</summary>
    private async Task PollAsync()
    {
        await WaitingAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(StorageLimits.FeedPollMs));
        await WaitingAsync();
    }

    private async Task WaitingAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (_clock.PendingTimers == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class ScriptedFeed : ILedgerFeed
    {
        public volatile Exception? Failure;

        public long Sequence { get; set; }

        public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => Failure is { } failure
            ? Task.FromException<ImmutableSortedDictionary<int, long>>(failure)
            : Task.FromResult(ImmutableSortedDictionary<int, long>.Empty.Add(1, Sequence));

        public Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
