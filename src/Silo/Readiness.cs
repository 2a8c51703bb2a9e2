using Gongji.Storage;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>Whether this process can take commands at present.</summary>
public sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private volatile bool _sweepFailed;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>The time since a round of the sweeper last ended well or, before the first one, since this process started.</summary>
    internal TimeSpan SinceSweep => time.GetElapsedTime(Volatile.Read(ref _sweptAt));

    /// <summary>Called by the sweeper, which reads the store every second. So even a process without load notices that its store is unreachable.</summary>
    internal void SweepEnded(bool well)
    {
        _sweepFailed = !well;
        if (well)
        {
            Volatile.Write(ref _sweptAt, time.GetTimestamp());
        }
    }

    /// <summary>Whether a commit would succeed, as far as is known. A journal that nobody asks to write does not notice by itself that its store is unreachable.</summary>
    internal bool HasStore => journal.IsHealthy && !_sweepFailed;

    /// <summary>What is missing, for an operator; null when nothing is.</summary>
    public string? Why =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : !lifetime.ApplicationStarted.IsCancellationRequested ? "starting"
        : !journal.IsHealthy ? "the ledger's store cannot be written"
        : _sweepFailed ? "the ledger's store cannot be read"
        : null;
}
