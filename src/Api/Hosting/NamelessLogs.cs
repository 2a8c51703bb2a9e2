using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gongji.Api.Hosting;

/// <summary>
/// What is logged, without the persons in it. The key of a person's grain is the person's identifier, and a runtime names grains by their keys in its warnings and
/// in the texts of its exceptions, which no filter of levels keeps out.
/// </summary>
internal sealed partial class NamelessLogs(ILoggerProvider inner) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Stands before every provider that there is.</summary>
    public static void StandBefore(IServiceCollection services)
    {
        ServiceDescriptor[] providers = [.. services.Where(service => service.ServiceType == typeof(ILoggerProvider))];
        services.RemoveAll<ILoggerProvider>();
        foreach (ServiceDescriptor provider in providers)
        {
            services.AddSingleton<ILoggerProvider>(own => new NamelessLogs((ILoggerProvider)(
                provider.ImplementationInstance ?? provider.ImplementationFactory?.Invoke(own) ?? ActivatorUtilities.CreateInstance(own, provider.ImplementationType!))));
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => inner.Dispose();

    /// <summary>A text with the keys of persons' grains taken out.</summary>
    public static string Without(string text) => PersonsGrain().Replace(text, "…");

    [GeneratedRegex("(?<=insuredperson/)[A-Za-z0-9_-]+")]
    private static partial Regex PersonsGrain();

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel))
            {
                return;
            }

            string text = formatter(state, exception);
            string shown = Without(text);
            string? trace = exception?.ToString();
            if (trace is not null && Without(trace) is var shownTrace && shownTrace != trace)
            {
                // An exception cannot be changed: what there is of it is said in the text.
                shown = $"{shown} {shownTrace}";
                inner.Log(logLevel, eventId, shown, null, static (shown, _) => shown);
            }
            else if (shown != text)
            {
                inner.Log(logLevel, eventId, shown, exception, static (shown, _) => shown);
            }
            else
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
