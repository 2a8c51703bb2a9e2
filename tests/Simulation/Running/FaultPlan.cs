using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Running;

/// <summary>
/// The faults of a run and their rates, drawn from the seed in the manner of swarm testing. Each kind is absent from about half of the runs, rare in
/// some and common in others, since a fault that is always present hides what another one would reveal.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>The number of silos at the start.</summary>
    public required int Silos { get; init; }

    /// <summary>How often the newest ready work item runs next, instead of a random one.</summary>
    public required double NewestFirst { get; init; }

    /// <summary>How many turns of an activation run without interruption.</summary>
    public required int TurnsPerPost { get; init; }

    /// <summary>
    /// Whether a journal's loop continues at once when what it waits for has ended inside one of its own steps. Otherwise anything can come between:
    /// more than the thread pool ever allows, at the cost of three times the steps.
    /// </summary>
    public bool ProcessGoesOn { get; init; }

    /// <summary>Delays are multiples of this, in ticks. The coarser it is, the more happens at the same moment, in any order.</summary>
    public required long QuantumTicks { get; init; }

    /// <summary>The longest normal delay of a message, in ticks.</summary>
    public required long NetworkDelayTicks { get; init; }

    /// <summary>The rate of messages that take up to some seconds.</summary>
    public double NetworkSlow { get; init; }

    public double RequestLost { get; init; }

    /// <summary>The rate of requests that come back without having run, as happens when they wait too long for a grain that is leaving.</summary>
    public double RequestTurnedAway { get; init; }

    public double ResponseLost { get; init; }

    public double RequestDoubled { get; init; }

    /// <summary>The longest normal time of a transaction in each direction, in ticks.</summary>
    public required long StoreDelayTicks { get; init; }

    /// <summary>The rate of requests that the store refuses.</summary>
    public double StoreRefused { get; init; }

    /// <summary>The rate of commits that fail after a while with nothing written.</summary>
    public double ErrorBeforeCommit { get; init; }

    /// <summary>The rate of commits that land although their answer is an error.</summary>
    public double ErrorAfterCommit { get; init; }

    /// <summary>The rate of commits that land only after their caller has seen an error.</summary>
    public double LandsAfterError { get; init; }

    /// <summary>The rate of commits that never land, which their callers cannot know.</summary>
    public double UnknownNotLanded { get; init; }

    public double SlowFsync { get; init; }

    /// <summary>The number of silos that are killed and restarted under a new name.</summary>
    public int Crashes { get; init; }

    /// <summary>The number of silos that are paused, declared dead and resumed: their activations are then second activations of accounts that have moved.</summary>
    public int Zombies { get; init; }

    /// <summary>How often the store goes away for a while. It keeps what it has committed; what was in flight is unknown.</summary>
    public int Failovers { get; init; }

    /// <summary>The number of silos that are stopped in order and started again, as in a rolling update.</summary>
    public int Restarts { get; init; }

    /// <summary>The rate at which grains are deactivated while they work, as by a cluster that balances its load; the next activation may be anywhere.</summary>
    public double GrainsLeave { get; init; }

    /// <summary>The rate of calls inside a silo before which other work runs, as on other threads.</summary>
    public double OthersComeBetween { get; init; }

    /// <summary>The number of jumps of silos' clocks.</summary>
    public int ClockJumps { get; init; }

    /// <summary>The largest error of clocks at the start.</summary>
    public TimeSpan ClockError { get; init; }

    /// <summary>The response timeout of calls.</summary>
    public required TimeSpan ResponseTimeout { get; init; }

    /// <summary>Whether anything can fail, time out or be left unknown. Wrong clocks alone cannot cause that.</summary>
    public bool CanFail => NetworkSlow + RequestLost + RequestTurnedAway + ResponseLost + RequestDoubled + StoreRefused + ErrorBeforeCommit + ErrorAfterCommit
        + LandsAfterError + UnknownNotLanded + SlowFsync + Crashes + Zombies + Failovers + Restarts > 0 || StoreDelayTicks > QuickStoreTicks;

    private const long QuickStoreTicks = 40_000;

    /// <summary>No faults, and the fastest network and store.</summary>
    public static FaultPlan None(ulong seed) => new()
    {
        Silos = (int)(2 + seed % 3),
        NewestFirst = 0,
        TurnsPerPost = 16,
        ProcessGoesOn = true,
        QuantumTicks = 1_000,
        NetworkDelayTicks = 2_000,
        StoreDelayTicks = QuickStoreTicks,
        ResponseTimeout = TimeSpan.FromSeconds(30),
    };

    public static FaultPlan FromSeed(ulong seed)
    {
        Prng prng = Prng.For(seed, "faults");
        bool calm = prng.Chance(0.15);
        double Rate(double most) => !calm & prng.Chance(0.5) ? most * Math.Pow(10, -2 * prng.NextDouble()) : 0;
        int Count(int most) => !calm & prng.Chance(0.5) ? prng.Between(1, most) : 0;
        FaultPlan plan = new()
        {
            Silos = prng.Between(2, 4),
            NewestFirst = prng.Chance(0.3) ? 0.8 : 0,
            TurnsPerPost = prng.Pick<int>([1, 1, 16]),
            QuantumTicks = prng.Pick<long>([1, 1_000, 10_000]),
            NetworkDelayTicks = prng.Chance(0.3) ? 0 : prng.Between(500, 20_000L),
            NetworkSlow = Rate(0.05),
            RequestLost = Rate(0.02),
            ResponseLost = Rate(0.02),
            RequestDoubled = Rate(0.1),
            StoreDelayTicks = prng.Between(1_000, QuickStoreTicks),
            StoreRefused = Rate(0.05),
            ErrorBeforeCommit = Rate(0.05),
            ErrorAfterCommit = Rate(0.05),
            LandsAfterError = Rate(0.05),
            UnknownNotLanded = Rate(0.05),
            SlowFsync = Rate(0.05),
            Crashes = Count(4),
            Zombies = Count(4),
            Failovers = Count(3),
            Restarts = Count(2),
            ClockJumps = Count(6),
            ClockError = prng.Chance(0.5) ? BusinessClock.ErrorMax * prng.NextDouble() * prng.NextDouble() : TimeSpan.Zero,
            ResponseTimeout = TimeSpan.FromSeconds(prng.Pick<int>([3, 5, 10, 30])),
            ProcessGoesOn = prng.Chance(0.5),
            GrainsLeave = Rate(0.05),
            RequestTurnedAway = Rate(0.2),
            OthersComeBetween = prng.Pick<double>([0, 0.1, 0.5]),
        };

        // A slow store makes batches gather many entries, which then fall together and repeatedly.
        return plan with { StoreDelayTicks = plan.StoreDelayTicks * (prng.Chance(0.2) ? 12 : 1) };
    }
}
