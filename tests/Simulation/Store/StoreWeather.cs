using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Store;

/// <summary>Whether the store is reachable. A failover makes it unreachable for a while and cuts every connection; it keeps what it had committed.</summary>
public sealed class StoreWeather(SimulationCore core)
{
    private long _downUntil;

    /// <summary>Increases with every failover: connections of earlier generations are cut.</summary>
    public int Generation { get; private set; }

    public bool IsDown => core.Time.Now < _downUntil;

    public void FailOver(TimeSpan time)
    {
        Generation++;
        _downUntil = core.Time.Now + time.Ticks;
        core.Coverage.Hit(CoveragePoint.Failover);
        core.Trace.Add("failover", "store", default, time.Ticks);
    }

    /// <summary>How long a request or its answer is on its way, in ticks.</summary>
    public long Delay(Prng prng) => prng.Between(core.Faults.StoreDelayTicks / 8, core.Faults.StoreDelayTicks);
}
