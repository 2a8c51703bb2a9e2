namespace Gongji.LocalRuntime;

/// <summary>What a cluster in this process runs on.</summary>
public sealed class LocalClusterOptions
{
    /// <summary>Where turns run.</summary>
    public LocalExecutor Executor { get; set; } = LocalExecutor.ThreadPool;

    /// <summary>The clock and timers of everything inside the cluster.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The network between silos; null delivers at once.</summary>
    public ICallTransport? Transport { get; set; }

    /// <summary>Decides which silo gets a new activation.</summary>
    public Random PlacementRandom { get; set; } = new(1);

    /// <summary>How long after a silo was killed the others notice.</summary>
    public TimeSpan DeathDetectionDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long clients outside of silos wait for an answer.</summary>
    public TimeSpan ClientResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
