using Gongji.Grains;
using Gongji.Storage;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>Whether this process can take commands at present.</summary>
public sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>
    /// How long the sweeper's rounds may fail because of another silo before this one is not ready. The cluster takes some seconds to notice a killed silo. If all the others
    /// were not ready during that time, a load balancer would have no silo left. A silo that is cut off from the others should be left out.
    /// </summary>
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(10);

    /// <summary>Why the sweeper's last round failed; null when it ended well.</summary>
    private volatile Exception? _sweepFailure;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>The time since a round of the sweeper last ended well or, before the first one, since this process started.</summary>
    internal TimeSpan SinceSweep => time.GetElapsedTime(Volatile.Read(ref _sweptAt));

    /// <summary>Called by the sweeper, which reads the store every second. So even a process without load notices that its store is unreachable.</summary>
    internal void SweepEnded()
    {
        _sweepFailure = null;
        Volatile.Write(ref _sweptAt, time.GetTimestamp());
    }

    /// <summary>Called by the sweeper when a round failed.</summary>
    internal void SweepFailed(Exception failure) => _sweepFailure = failure;

    /// <summary>Whether a commit would succeed, as far as is known. A journal that nobody asks to write does not notice by itself that its store is unreachable.</summary>
    internal bool HasStore => journal.IsHealthy && !IsUnreadable(_sweepFailure);

    /// <summary>What is missing, for an operator; null when nothing is.</summary>
    public string? Why =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : !lifetime.ApplicationStarted.IsCancellationRequested ? "starting"
        : !journal.IsHealthy ? "the ledger's store cannot be written"
        : _sweepFailure is not { } failure ? null
        : IsUnreadable(failure) ? "the ledger's store cannot be read"
        : SinceSweep > ClusterPatience ? "calls to other silos do not come through"
        : null;

    private static bool IsUnreadable(Exception? failure) => failure is not null && CallFailures.IsOfStore(failure);
}
