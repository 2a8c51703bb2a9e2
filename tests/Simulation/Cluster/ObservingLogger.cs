using Gongji.Simulation.Running;
using Microsoft.Extensions.Logging;

namespace Gongji.Simulation.Cluster;

/// <summary>Receives what the product logs in a simulated silo: counts it for coverage, adds it to the trace, and fails on messages that must never occur.</summary>
internal sealed class ObservingLogger(SimulationCore core, string silo) : ILogger, ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Gongji.", StringComparison.Ordinal)
        || categoryName.StartsWith("Orleans.", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        core.Trace.Add("log", silo, default, eventId.Id, (int)logLevel);
        core.Trace.Note("log", silo, default, () => formatter(state, exception) + (exception is null ? string.Empty : $" [{exception.GetType().Name}: {exception.Message}]"));
        CoveragePoint? point = eventId.Name switch
        {
            "BatchSplit" => CoveragePoint.BatchSplit,
            "CommitFailed" => CoveragePoint.BatchRetried,
            "OutcomeUnknown" => CoveragePoint.BatchDoubtful,
            "OutcomeResolved" when formatter(state, exception).EndsWith("durable", StringComparison.Ordinal) => CoveragePoint.DoubtResolvedDurable,
            "OutcomeResolved" => CoveragePoint.DoubtResolvedNotWritten,
            "PartitionDown" => CoveragePoint.PartitionDown,
            "PartitionUp" => CoveragePoint.PartitionUp,
            "AccountContended" => CoveragePoint.AccountContended,
            _ => null,
        };
        if (point is { } reached)
        {
            core.Coverage.Hit(reached);
        }

        if (eventId.Name is "ChainBroken" or "PartitionFailed" or "SnapshotUnreadable")
        {
            core.Fail("journal", $"{silo}: {formatter(state, exception)} {exception}");
        }
        else if (logLevel >= LogLevel.Error && eventId.Name is not ("PartitionDown" or "ActivationFailed" or "DeactivationFailed"))
        {
            core.Fail("no-errors", $"{silo} logged an error: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
