using Gongji.Ledger;
using Gongji.TestKit;

namespace Gongji.Grains.Tests;

/// <summary>The desk by itself, on a real store.</summary>
public sealed class EscrowDeskTests : IClassFixture<SiloFixture>
{
    private static readonly RegionCode[] Regions = [RegionCode.Parse("320500"), RegionCode.Parse("410100")];

    private readonly SiloFixture _silo;

    public EscrowDeskTests(SiloFixture silo) => _silo = silo;

    /// <summary>
    /// Both regions have reservations that were forgotten, and both slices are too old: each caller frees what was forgotten of the other's region
    /// while the other one is at its own slice.
    /// </summary>
    [Fact]
    public async Task Callers_of_two_regions_that_free_each_others_reservations_do_not_wait_for_each_other()
    {
        MeetingClock clock = new();
        EscrowDesk desk = new(_silo.Store, clock);
        foreach (RegionCode region in Regions)
        {
            await _silo.Store.Escrow.SetCapAsync(region, 1_000_000, revision: 1_000, CancellationToken.None);
            for (int i = 0; i < 500; i++)
            {
                Assert.True(await desk.TryReserveAsync(Guid.CreateVersion7(), region, chain: 1, fen: 1, settlesAtOnce: true));
            }
        }

        clock.Advance(GrainLimits.EscrowLease * 2);
        using CountdownEvent meeting = new(Regions.Length);
        clock.Meeting = meeting;
        Task<EscrowTake>[] takes = [.. Regions.Select(region => Task.Factory.StartNew(
            () => desk.TakeAsync(region, chain: 1, fen: 1).AsTask(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap())];

        Assert.All(await Task.WhenAll(takes).WaitAsync(TimeSpan.FromSeconds(30)), take => Assert.Equal(EscrowTake.Taken, take));
    }

    /// <summary>A clock at which so many callers meet, the first time that each asks.</summary>
    private sealed class MeetingClock : TimeProvider
    {
        private readonly FakeClock _clock = new();

        public void Advance(TimeSpan time) => _clock.Advance(time);

        public CountdownEvent? Meeting { get; set; }

        public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public override long GetTimestamp()
        {
            if (Meeting is { IsSet: false } meeting)
            {
                meeting.Signal();
                meeting.Wait();
            }

            return _clock.GetTimestamp();
        }
    }
}
