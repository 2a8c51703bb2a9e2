using Gongji.Simulation.Cluster;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Workload;

namespace Gongji.Simulation.Running;

/// <summary>
/// Decides what happens to whole silos, the store and the clock, and when. Events are tied to the number of commands given, so that they strike amid the work.
/// </summary>
internal sealed class Conductor
{
    private readonly SimulationCore _core;
    private readonly SimulatedCluster _cluster;
    private readonly Prng _prng;
    private readonly List<Task> _running = [];

    public Conductor(SimulationCore core, SimulatedCluster cluster, World world)
    {
        (_core, _cluster) = (core, cluster);
        _prng = core.Chance("conductor");
        List<(int AtCommand, Action What)> events = [];
        AddNights(events, world.Plan);
        void Add(int count, Func<Task> what)
        {
            for (int i = 0; i < count; i++)
            {
                events.Add((_prng.Next(world.Plan.Commands), () => Start(what)));
            }
        }

        FaultPlan faults = core.Faults;
        Add(faults.Crashes, CrashAsync);
        Add(faults.Zombies, OutliveAsync);
        Add(faults.Failovers, FailOverAsync);
        Add(faults.Restarts, RestartAsync);
        Add(faults.ClockJumps, JumpAsync);
        world.Events = new Queue<(int, Action)>(events.OrderBy(each => each.AtCommand));
    }

    /// <summary>Waits until everything that was begun has ended.</summary>
    public Task WhenDoneAsync() => Task.WhenAll(_running);

    /// <summary>Schedules the clock's leaps: most commands run by day, some around 22:00, some at night, some around 06:00.</summary>
    private void AddNights(List<(int AtCommand, Action What)> events, WorkloadPlan plan)
    {
        double perDay = plan.Commands / (double)(plan.Nights + 1);
        for (int night = 0; night < plan.Nights; night++)
        {
            double day = night * perDay;
            void At(double part, TimeSpan timeOfDay, bool justBefore)
            {
                TimeSpan at = justBefore ? timeOfDay - TimeSpan.FromMilliseconds(_prng.Between(1, 300)) : timeOfDay;
                events.Add(((int)(day + part * perDay), () => Leap(at)));
            }

            TimeSpan closing = TimeSpan.FromHours(22);
            TimeSpan opening = TimeSpan.FromHours(6);
            At(0.80, closing, justBefore: true);
            At(0.83, closing, justBefore: false);
            At(0.86, TimeSpan.FromHours(23.999), justBefore: false);
            At(0.88, opening, justBefore: true);
            At(0.91, opening, justBefore: false);
            At(0.95, TimeSpan.FromHours(9), justBefore: false);
        }
    }

    private void Leap(TimeSpan timeOfDay)
    {
        _core.Business.LeapToNext(timeOfDay);
        _core.Trace.Add("clock-leaps", string.Empty, default, timeOfDay.Ticks);
    }

    private void Start(Func<Task> what)
    {
        if (_core.FaultsOn)
        {
            _running.Add(Task.Factory.StartNew(() => GuardAsync(what), CancellationToken.None, TaskCreationOptions.None, _core.Outside).Unwrap());
        }
    }

    private async Task GuardAsync(Func<Task> what)
    {
        try
        {
            await what();
        }
        catch (Exception error)
        {
            _core.Fail("no-errors", $"a fault could not be carried out: {error}");
        }
    }

    private async Task CrashAsync()
    {
        if (_cluster.PickLive(_prng, 1) is { } silo)
        {
            Note(CoveragePoint.SiloCrashed, silo);
            silo.Kill();
            await PauseAsync(50, 4_000);
            _cluster.Add();
        }
    }

    /// <summary>Usually pauses a silo, and usually has the others declare it dead; the silo then runs on for a while without knowing.</summary>
    private async Task OutliveAsync()
    {
        if (_cluster.PickLive(_prng, 1) is not { } silo)
        {
            return;
        }

        bool stands = _prng.Chance(0.8);
        if (stands)
        {
            Note(CoveragePoint.SiloPaused, silo);
            silo.Pause();
            await PauseAsync(1, 3_000);
        }

        if (stands && _prng.Chance(0.2))
        {
            silo.ResumeAsMember();
            return;
        }

        silo.Evict();
        if (_prng.Chance(0.5))
        {
            _cluster.Add();
        }

        await PauseAsync(1, 4_000);
        Note(CoveragePoint.ZombieResumed, silo);
        silo.Resume();
        await PauseAsync(1, 3_000);
        Note(CoveragePoint.ZombieLeft, silo);
        silo.Leave();
        if (_cluster.Silos.Count(each => each.IsAlive) < _core.Faults.Silos)
        {
            _cluster.Add();
        }
    }

    private Task FailOverAsync()
    {
        _cluster.Weather.FailOver(TimeSpan.FromMilliseconds(_prng.Between(10, 5_000)));
        return Task.CompletedTask;
    }

    private async Task RestartAsync()
    {
        if (_cluster.PickLive(_prng, 1) is { } silo)
        {
            Note(CoveragePoint.SiloRestarted, silo);
            await silo.StopAsync();
            _cluster.Add();
        }
    }

    private Task JumpAsync()
    {
        if (_cluster.PickLive(_prng, 0) is { } silo)
        {
            silo.Clock.Error = BusinessClock.ErrorMax * (2 * _prng.NextDouble() - 1);
            _core.Coverage.Hit(CoveragePoint.ClockJumped);
            _core.Trace.Add("clock-jumps", silo.Name, default, silo.Clock.Error.Ticks);
        }

        return Task.CompletedTask;
    }

    private void Note(CoveragePoint point, SimulatedSilo silo)
    {
        _core.Coverage.Hit(point);
        _core.Trace.Add(point.ToString(), silo.Name);
    }

    private Task PauseAsync(int fromMs, int toMs) => Task.Delay(TimeSpan.FromMilliseconds(_prng.Between(fromMs, toMs)), _core.Time);
}
