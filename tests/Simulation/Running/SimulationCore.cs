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

    /// <summary>Runs what is no part of the system: clients, and whoever makes faults. Nothing can come between the steps of their own accounts.</summary>
    public TaskScheduler Outside { get; }

    public SimulationTrace Trace { get; }

    public Coverage Coverage { get; }

    /// <summary>Whether faults are injected at present; the end of a run goes without.</summary>
    public bool FaultsOn { get; set; }

    /// <summary>The first violation: the run stops there.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>A source of chance for a concern.</summary>
    public Prng Chance(string concern) => Prng.For(Seed, concern);

    /// <summary>Whether a fault strikes now; counts it.</summary>
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
