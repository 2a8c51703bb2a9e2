using Gongji.Ledger;
using Gongji.Storage;
using Gongji.TestKit;

namespace Gongji.Grains.Tests;

/// <summary>The desk alone, on a real store.</summary>
public sealed class EscrowDeskTests : IClassFixture<SiloFixture>
{
    private static readonly RegionCode[] Regions = [RegionCode.Parse("320500"), RegionCode.Parse("410100")];

    private readonly SiloFixture _silo;

    public EscrowDeskTests(SiloFixture silo) => _silo = silo;

    /// <summary>
    /// Both regions have forgotten reservations, and both slices are too old. So each caller frees the forgotten reservations of the other's region
    /// while the other caller is at its own slice.
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Busy_desk_leases_more_before_it_has_run_out_and_nobody_waits(bool fails)
    {
        int chain = fails ? 3 : 2;
        EscrowGate gate = EscrowGate.Around(_silo.Store);
        EscrowDesk desk = new(gate.Store, new FakeClock());
        await _silo.Store.Escrow.SetCapAsync(Regions[0], 1_000_000, revision: 2_000, CancellationToken.None);
        Assert.Equal(EscrowTake.Taken, await desk.TakeAsync(Regions[0], chain, fen: 1));
        Task held = gate.HoldNextAsync(nameof(IEscrowStore.LeaseAsync));
        Take(desk, chain, GrainLimits.DebitsPerSlice / 2);
        await held;

        // Takes all that is left while the desk leases more.
        Take(desk, chain, (GrainLimits.DebitsPerSlice / 2) - 1);
        Assert.Equal(2, gate.Leases);
        Task<EscrowTake> next = desk.TakeAsync(Regions[0], chain, fen: 1).AsTask();
        if (fails)
        {
            gate.Fail();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => next);
        }
        else
        {
            gate.GoOn();
            Assert.Equal(EscrowTake.Taken, await next);
        }

        Assert.Equal(EscrowTake.Taken, await desk.TakeAsync(Regions[0], chain, fen: 1));
        Assert.Equal(fails ? 3 : 2, gate.Leases);
    }

    [Fact]
    public async Task Desk_leases_nothing_before_it_needs_it_where_headroom_is_short()
    {
        EscrowGate gate = EscrowGate.Around(_silo.Store);
        EscrowDesk desk = new(gate.Store, new FakeClock());
        await _silo.Store.Escrow.SetCapAsync(Regions[1], (2 * GrainLimits.DebitsPerSlice) - 1, revision: 2_000, CancellationToken.None);
        Assert.Equal(EscrowTake.Taken, await desk.TakeAsync(Regions[1], chain: 1, fen: 1));

        int granted = 1;
        while (gate.Leases == 1 && granted < 2 * GrainLimits.DebitsPerSlice)
        {
            Assert.Equal(EscrowTake.Taken, await desk.TakeAsync(Regions[1], chain: 1, fen: 1));
            granted++;
        }

        // Headroom may be granted in smaller parts than requested, but never before the last part is used up.
        Assert.InRange(granted, 2, GrainLimits.DebitsPerSlice + 1);
        Assert.Equal(2, gate.Leases);
    }

    private static void Take(EscrowDesk desk, int chain, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ValueTask<EscrowTake> take = desk.TakeAsync(Regions[0], chain, fen: 1);
            Assert.True(take.IsCompletedSuccessfully && take.Result == EscrowTake.Taken, $"Take {i} had to wait, or was refused.");
        }
    }

    /// <summary>A clock that blocks each caller, the first time it asks, until all of them have asked.</summary>
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
