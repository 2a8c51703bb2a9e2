using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Gongji.Silo;

/// <summary>
/// Ends the process when Orleans says that its silo cannot go on, most often because the other silos have declared it dead. Orleans' own handler writes two stack traces and
/// lets the process run for two more seconds, during which the silo could still answer from memory that the cluster no longer knows of.
/// </summary>
internal sealed class SiloEnd(ILogger<SiloEnd> logger, IEnumerable<ILoggerProvider> logs) : IFatalErrorHandler
{
    /// <summary>Something failed while it ran.</summary>
    private const int ExitCode = 1;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        logger.SiloEnds(exception, context);

        // Flushes what is still to be written.
        foreach (ILoggerProvider log in logs)
        {
            log.Dispose();
        }

        Environment.Exit(ExitCode);
    }
}
