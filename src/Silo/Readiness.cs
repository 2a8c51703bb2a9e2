using Gongji.Storage;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>Whether this process can take commands at present.</summary>
public sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime)
{
    public bool IsReady => Why is null;

    /// <summary>What is missing, for an operator; null when nothing is.</summary>
    public string? Why =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : !lifetime.ApplicationStarted.IsCancellationRequested ? "starting"
        : !journal.IsHealthy ? "the ledger's store cannot be written"
        : null;
}
