using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gongji.Api.Hosting;

/// <summary>
/// Makes what is logged fit to be kept and read. No line names a person: the key of a person's grain is the person's identifier, and a runtime names grains by their
/// keys in its warnings and in the texts of its exceptions. And what the runtime says is few lines: when a silo dies, it says of each message that was on its way there
/// that it was not delivered, with a stack trace (75,000 times 2.6 kB in 20 seconds were seen). Its warnings are without stack traces here, and of each of its events there are a few a minute.
/// </summary>
/// <param name="inner">Writes what is left.</param>
/// <param name="time">Counts the minutes.</param>
internal sealed partial class OperatorLog(ILoggerProvider inner, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Lines of one event of the runtime within a minute.</summary>
    private const int LinesMax = 3;

    /// <summary>What is told of an exception without its stack trace.</summary>
    private const int ReasonLengthMax = 300;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Stands before every provider that there is.</summary>
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

    /// <summary>A text with the keys of persons' grains taken out.</summary>
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
            if (!inner.IsEnabled(logLevel) || runtime?.TryTell(eventId.Id, out leftOut) == false)
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
                // An exception cannot be changed: what there is of it is said in the text.
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

        private static string ReasonOf(Exception exception)
        {
            int end = exception.Message.AsSpan().IndexOfAny('\r', '\n');
            return exception.Message[..Math.Min(end < 0 ? exception.Message.Length : end, ReasonLengthMax)];
        }
    }

    /// <summary>How often each event of a category is told.</summary>
    private sealed class Pace(TimeProvider time)
    {
        private readonly ConcurrentDictionary<int, Told> _told = new();

        /// <summary>False when it was told often enough in this minute.</summary>
        /// <param name="what">The event.</param>
        /// <param name="leftOut">How many were not told in the minute in which it was told last.</param>
        public bool TryTell(int what, out int leftOut)
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
