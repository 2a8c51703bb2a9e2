using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Running;

/// <summary>What every part of one run shares.</summary>
public sealed class SimulationCore
{
    public SimulationCore(ulong seed, bool keepTrace, FaultPlan? faults = null)
    {
        Seed = seed;
        Faults = faults ?? FaultPlan.FromSeed(seed);
        Time = new VirtualTime(Faults.QuantumTicks);
        Business = new BusinessClock(Time);
        Executor = new SimulatedExecutor(Prng.For(seed, "schedule"), Faults.NewestFirst, Faults.TurnsPerPost, Prng.For(seed, "processors").Between(1, 4));
        Outside = new SimulatedScheduler(Executor, goesOnInStep: true);
        Trace = new SimulationTrace(Time, keepTrace);
        Coverage = new Coverage();
    }

    public ulong Seed { get; }

    public FaultPlan Faults { get; }

    public VirtualTime Time { get; }

    public BusinessClock Business { get; }

    public SimulatedExecutor Executor { get; }

    /// <summary>Runs what is not part of the system: clients and fault injection. Nothing can come between the steps of their bookkeeping.</summary>
    public TaskScheduler Outside { get; }

    public SimulationTrace Trace { get; }

    public Coverage Coverage { get; }

    /// <summary>Whether faults are injected now; the end of a run has none.</summary>
    public bool FaultsOn { get; set; }

    /// <summary>The first violation, which stops the run.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>The source of chance for a concern.</summary>
    public Prng Chance(string concern) => Prng.For(Seed, concern);

    /// <summary>Whether a fault strikes now; counts it when it does.</summary>
    public bool Strikes(Prng prng, double rate, CoveragePoint point)
    {
        if (!FaultsOn || !prng.Chance(rate))
        {
            return false;
        }

        Coverage.Hit(point);
        return true;
    }

    public void Fail(string invariant, string text, Guid operation = default, params IReadOnlyList<string> accounts)
    {
        if (Violation is null)
        {
            Violation = new Violation(invariant, text, operation, accounts);
            Trace.Add("violation", invariant, operation);
            Trace.Note("violation", invariant, operation, () => text);
        }
    }
}
