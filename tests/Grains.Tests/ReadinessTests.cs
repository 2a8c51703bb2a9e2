using Gongji.Silo;
using Gongji.TestKit;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace Gongji.Grains.Tests;

/// <summary>
/// What a process says of itself while its rounds of the sweeper, which may be on another silo, do not come through. One of three silos dies: were the two others not
/// ready because of that, a balancer would have nobody left.
/// </summary>
public sealed class ReadinessTests(SiloFixture silo) : IClassFixture<SiloFixture>, IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FakeClock _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly HeldSweeps _sweeps = HeldSweeps.Create();
    private Readiness _readiness = null!;
    private HoldSweeper _sweeper = null!;
    private TaskCompletionSource<bool> _call = null!;

    public async Task InitializeAsync()
    {
        _lifetime.NotifyStarted();
        _readiness = new Readiness(silo.Journal, _lifetime, _time);
        _sweeper = new HoldSweeper(_sweeps.Grains, _readiness, _time, NullLogger<HoldSweeper>.Instance);
        await _sweeper.StartAsync(CancellationToken.None);
        while (_time.PendingTimers == 0)
        {
            // It begins on a thread of its own.
            await Task.Yield();
        }

        _time.Advance(Pause);
        _call = await _sweeps.NextAsync();
    }

    public async Task DisposeAsync()
    {
        _call.SetResult(false);
        await _sweeper.StopAsync(CancellationToken.None);
    }

    public void Dispose() => _sweeper.Dispose();

    [Fact]
    public async Task Store_that_cannot_be_read_is_said_at_once()
    {
        await FailAsync(new OrleansException("The store: away"), rounds: 1);

        Assert.Equal("the ledger's store cannot be read", _readiness.Why);
    }

    [Fact]
    public async Task Silo_that_has_died_leaves_the_others_ready()
    {
        await FailAsync(new SiloUnavailableException("gone"), rounds: 3);

        Assert.Null(_readiness.Why);
    }

    [Fact]
    public async Task Silo_that_reaches_no_other_for_long_is_not_ready_until_it_does()
    {
        await FailAsync(new TimeoutException(), rounds: 20);
        string? before = _readiness.Why;
        await AnswerAsync(call => call.SetResult(false));

        Assert.Equal(("calls to other silos do not come through", null), (before, _readiness.Why));
    }

    private async Task FailAsync(Exception failure, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await AnswerAsync(call => call.SetException(failure));
        }
    }

    /// <summary>Ends a round, and waits for the one after it: then this one has been taken in.</summary>
    private async Task AnswerAsync(Action<TaskCompletionSource<bool>> answer)
    {
        answer(_call);
        _time.Advance(Pause);
        _call = await _sweeps.NextAsync();
    }
}
