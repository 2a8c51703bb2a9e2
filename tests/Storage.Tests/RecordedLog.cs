using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(int Event, LogLevel Level)> _lines = new();

    /// <summary>The levels at which an event was logged, in order.</summary>
    public IReadOnlyList<LogLevel> LevelsOf(int eventId) => [.. _lines.Where(line => line.Event == eventId).Select(line => line.Level)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, logLevel));
}
