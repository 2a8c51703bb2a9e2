using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Gongji.Api.Endpoints;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Storage;
using Gongji.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gongji.Api.Tests;

/// <summary>The event stream in isolation, with a clock that stands still until it is moved.</summary>
public sealed class EventStreamTests
{
    private static readonly RegionCode Suzhou = RegionCode.Parse("320500");

    [Fact]
    public async Task Stream_without_events_says_every_15_seconds_that_it_lives()
    {
        FakeClock clock = new();
        using CancellationTokenSource leave = new();
        Pipe pipe = new();
        Task running = Run(pipe, new QuietFeed(), null, clock, new LedgerNews(ImmutableSortedDictionary<int, long>.Empty), leave.Token);
        Assert.Equal(":\n\n", await ReadAsync(pipe, 3));

        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(14.9));
            Assert.False(pipe.Reader.TryRead(out _));
            clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(":\n\n", await ReadAsync(pipe, 3));
        }

        await leave.CancelAsync();
        await running;
    }

    /// <summary>Otherwise a reader of a quiet region would have to go through a year of other regions' events each time it reconnects.</summary>
    [Fact]
    public async Task Stream_whose_filter_leaves_everything_out_still_moves_the_cursor()
    {
        FakeClock clock = new();
        using CancellationTokenSource leave = new();
        Pipe pipe = new();
        LedgerNews news = new(ImmutableSortedDictionary<int, long>.Empty.Add(3, 1));
        Task running = Run(pipe, new QuietFeed(), Suzhou, clock, news, leave.Token);
        Assert.Equal(":\n\n", await ReadAsync(pipe, 3));

        clock.Advance(TimeSpan.FromSeconds(15));

        string expected = $"id: {LedgerCursor.Start.After(3, 1)}\n\n:\n\n";
        Assert.Equal(expected, await ReadAsync(pipe, expected.Length));
        await leave.CancelAsync();
        await running;
    }

    private static async Task Run(Pipe pipe, ILedgerFeed feed, RegionCode? region, FakeClock clock, LedgerNews news, CancellationToken cancellationToken)
    {
        DefaultHttpContext http = new();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(pipe.Writer.AsStream()));
        using EventReaders readers = new();
        await using EventStream stream = new(http.Response, readers, new LedgerReader(feed, (_, _) => throw new NotSupportedException(), LedgerCursor.Start), new EventFilter(region, null, ProvinceSet.Nation), clock);
        await stream.RunAsync(news, cancellationToken);
    }

    private static async Task<string> ReadAsync(Pipe pipe, int bytes)
    {
        ReadResult read = await pipe.Reader.ReadAtLeastAsync(bytes);
        string text = Encoding.UTF8.GetString(read.Buffer);
        pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>One batch with an entry of a person whose region is unknown.</summary>
    private sealed class QuietFeed : ILedgerFeed
    {
        public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken) =>
            Task.FromResult(new BatchRun(
                1,
                [
                    new FeedEntry(
                        new Entry
                        {
                            Account = "p",
                            Version = 1,
                            Operation = Guid.NewGuid(),
                            Leg = Leg.Outcome,
                            Kind = EntryKind.Post,
                            Amounts = default,
                            Balances = default,
                            At = DateTimeOffset.UnixEpoch,
                        },
                        1,
                        0),
                ]));

        public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<RegionCode?>>([null]);
    }
}
