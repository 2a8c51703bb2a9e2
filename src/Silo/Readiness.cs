using Gongji.Storage;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>Whether this process can take commands at present.</summary>
public sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private volatile bool _sweepFailed;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>How long ago a round of the sweeper ended well; before the first one, how long ago this process began.</summary>
    internal TimeSpan SinceSweep => time.GetElapsedTime(Volatile.Read(ref _sweptAt));

    /// <summary>Told by the sweeper, which reads the store each second: so a process without load notices too that its store is away.</summary>
    internal void SweepEnded(bool well)
    {
        _sweepFailed = !well;
        if (well)
        {
            Volatile.Write(ref _sweptAt, time.GetTimestamp());
        }
    }

    /// <summary>Whether a commit would come through, as far as is known: a journal that nobody asks to write does not notice by itself that its store is away.</summary>
    internal bool HasStore => journal.IsHealthy && !_sweepFailed;

    /// <summary>What is missing, for an operator; null when nothing is.</summary>
    public string? Why =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : !lifetime.ApplicationStarted.IsCancellationRequested ? "starting"
        : !journal.IsHealthy ? "the ledger's store cannot be written"
        : _sweepFailed ? "the ledger's store cannot be read"
        : null;
}
