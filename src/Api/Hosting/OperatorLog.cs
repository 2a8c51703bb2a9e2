using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gongji.Api.Hosting;

/// <summary>
/// Makes the log fit to be kept and read. No line names a person: the key of a person's grain is the person's identifier, and a runtime names grains by their keys in its
/// warnings and exception messages. And the runtime's messages are few: when a silo dies, the runtime logs, with a stack trace, each message that could not be delivered to
/// it (75,000 times 2.6 kB in 20 seconds were seen). Here its warnings have no stack traces, and each of its events is logged only a few times a minute.
/// </summary>
/// <param name="inner">Writes what passes.</param>
/// <param name="time">Measures the minutes.</param>
internal sealed partial class OperatorLog(ILoggerProvider inner, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>The most lines of one event of the runtime within a minute.</summary>
    private const int LinesMax = 3;

    /// <summary>The most characters of an exception's message, where it is logged without its stack trace.</summary>
    private const int ReasonLengthMax = 300;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Wraps every registered provider.</summary>
    public static void StandBefore(IServiceCollection services)
    {
        ServiceDescriptor[] providers = [.. services.Where(service => service.ServiceType == typeof(ILoggerProvider))];
        services.RemoveAll<ILoggerProvider>();
        foreach (ServiceDescriptor provider in providers)
        {
            services.AddSingleton<ILoggerProvider>(own => new OperatorLog(
                (ILoggerProvider)(provider.ImplementationInstance ?? provider.ImplementationFactory?.Invoke(own) ?? ActivatorUtilities.CreateInstance(own, provider.ImplementationType!)),
                own.GetRequiredService<TimeProvider>()));
        }
    }

    public ILogger CreateLogger(string categoryName) =>
        new Logger(inner.CreateLogger(categoryName), categoryName.StartsWith("Orleans", StringComparison.Ordinal) ? new Pace(time) : null);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => inner.Dispose();

    /// <summary>Removes the keys of persons' grains from a text.</summary>
    private static string Nameless(string text) => PersonsGrain().Replace(text, "…");

    [GeneratedRegex("(?<=insuredperson/)[A-Za-z0-9_-]+")]
    private static partial Regex PersonsGrain();

    private sealed class Logger(ILogger inner, Pace? runtime) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            int leftOut = 0;
            if (!inner.IsEnabled(logLevel) || (logLevel < LogLevel.Critical && runtime?.TryTell(EventOf(eventId, state), out leftOut) == false))
            {
                return;
            }

            string text = formatter(state, exception);
            string shown = Nameless(text);
            Exception? kept = exception;
            if (exception is not null && runtime is not null && logLevel < LogLevel.Error)
            {
                (shown, kept) = ($"{shown} {exception.GetType().Name}: {Nameless(ReasonOf(exception))}", null);
            }
            else if (exception?.ToString() is { } trace && Nameless(trace) is var nameless && nameless != trace)
            {
                // An exception cannot be changed: it is dropped, and its text, without names, is appended to the message.
                (shown, kept) = ($"{shown} {nameless}", null);
            }

            if (leftOut > 0)
            {
                shown = string.Create(CultureInfo.InvariantCulture, $"{shown} ({leftOut} more of these were left out before)");
            }

            if (shown == text)
            {
                inner.Log(logLevel, eventId, state, kept, formatter);
            }
            else
            {
                inner.Log(logLevel, eventId, shown, kept, static (shown, _) => shown);
            }
        }

        /// <summary>What tells an event from others: its number or, where it has none, the text that its message is made of.</summary>
        private static object EventOf<TState>(EventId id, TState state) => id.Id != 0 ? id.Id
            : state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } parts && parts[^1] is { Key: "{OriginalFormat}", Value: { } format } ? format
            : 0;

        private static string ReasonOf(Exception exception)
        {
            int end = exception.Message.AsSpan().IndexOfAny('\r', '\n');
            return exception.Message[..Math.Min(end < 0 ? exception.Message.Length : end, ReasonLengthMax)];
        }
    }

    /// <summary>Limits how often each event of a category is logged.</summary>
    private sealed class Pace(TimeProvider time)
    {
        private readonly ConcurrentDictionary<object, Told> _told = new();

        /// <summary>Returns false when the event was already logged often enough in this minute.</summary>
        /// <param name="what">The event.</param>
        /// <param name="leftOut">How many messages were dropped in the last minute in which the event occurred.</param>
        public bool TryTell(object what, out int leftOut)
        {
            Told told = _told.GetOrAdd(what, _ => new Told(time.GetTimestamp()));
            lock (told)
            {
                leftOut = 0;
                if (time.GetElapsedTime(told.Since) >= Minute)
                {
                    leftOut = Math.Max(0, told.Count - LinesMax);
                    (told.Since, told.Count) = (time.GetTimestamp(), 0);
                }

                return ++told.Count <= LinesMax;
            }
        }

        private sealed class Told(long since)
        {
            public long Since { get; set; } = since;

            public int Count { get; set; }
        }
    }
}
