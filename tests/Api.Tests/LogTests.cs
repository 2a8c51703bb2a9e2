using System.Globalization;
using Gongji.Api.Hosting;
using Gongji.Api.Tests.Support;
using Gongji.Grains;
using Gongji.Silo;
using Gongji.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Api.Tests;

/// <summary>The log of the grain runtime, which is written for its developers, and which reports every message when a silo dies.</summary>
public sealed class LogTests : IDisposable
{
    private const string Runtime = "Orleans.Messaging";
    private const string Person = "320500199001011234";

    private readonly EventLog _log = new();
    private readonly FakeClock _time = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Persons_that_a_runtime_names_are_not_in_the_log()
    {
        using TemporaryDirectory directory = new();
        ApiOptions options = new() { Urls = [], Silo = new SiloOptions { DataDirectory = directory.FullName } };
        await using WebApplication app = ApiHost.Build(options, logs => logs.AddProvider(_log));
        string grain = app.Services.GetRequiredService<IGrainFactory>().GetGrain<IInsuredPersonGrain>(Person).GetGrainId().ToString();
        ILogger runtime = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Runtime);

        Say(runtime, LogLevel.Error, $"Task in [Activation: S127.0.0.1:1:1/{grain}@ffb4a6 State=Valid] took 1 s", number: 1);
        Say(runtime, LogLevel.Error, "A call failed", new TimeoutException($"No response for Request [S127.0.0.1:1:1 {grain}]->x"), number: 2);
        Say(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Gongji.Api"), LogLevel.Error, "A bug", new TimeoutException($"[ {grain}]"));

        Assert.Collection(
            _log.Lines,
            line => Assert.Contains("insuredperson/…@ffb4a6 State=Valid] took 1 s", line, StringComparison.Ordinal),
            line => Assert.Matches("^A call failed System.TimeoutException: No response for Request \\[S127.0.0.1:1:1 insuredperson/…]->x", line),
            line => Assert.Contains("[ insuredperson/…]", line, StringComparison.Ordinal));
    }

    [Fact]
    public void One_event_of_the_runtime_has_few_lines_a_minute_and_the_next_one_says_how_many_were_left_out()
    {
        using OperatorLog log = new(_log, _time);
        ILogger runtime = log.CreateLogger(Runtime);
        void Lose() => Say(runtime, LogLevel.Warning, "lost", number: 1);
        for (int i = 0; i < 10; i++)
        {
            Lose();
        }

        Say(runtime, LogLevel.Warning, "another event", number: 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        Lose();
        Lose();

        Assert.Equal(["lost", "lost", "lost", "another event", "lost (7 more of these were left out before)", "lost"], _log.Lines);
    }

    [Fact]
    public void Events_without_a_number_are_told_apart_by_their_text_and_a_critical_one_is_always_told()
    {
        using OperatorLog log = new(_log, _time);
        ILogger runtime = log.CreateLogger(Runtime);
        void SayByText(string format, params object[] values) => runtime.Log(
            LogLevel.Warning, default, (IReadOnlyList<KeyValuePair<string, object?>>)[new("{OriginalFormat}", format)], null, (_, _) => string.Format(CultureInfo.InvariantCulture, format, values));
        for (int i = 0; i < 4; i++)
        {
            SayByText("lost {0}", i);
            Say(runtime, LogLevel.Critical, "dead", number: 3);
        }

        SayByText("other {0}", 1);

        Assert.Equal(["lost 0", "dead", "lost 1", "dead", "lost 2", "dead", "dead", "other 1"], _log.Lines);
    }

    [Fact]
    public void Warning_of_the_runtime_has_no_stack_trace_and_an_error_has()
    {
        using OperatorLog log = new(_log, _time);

        Say(log.CreateLogger(Runtime), LogLevel.Warning, "lost", Thrown());
        Say(log.CreateLogger(Runtime), LogLevel.Error, "broken", Thrown(), number: 2);

        Assert.Collection(_log.Lines, line => Assert.Equal("lost InvalidOperationException: refused", line), line => Assert.Contains(nameof(Thrown), line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_product_says_is_logged_as_it_is()
    {
        using OperatorLog log = new(_log, _time);
        for (int i = 0; i < 10; i++)
        {
            Say(log.CreateLogger("Gongji.Grains.TransferGrain"), LogLevel.Warning, "said", Thrown());
        }

        Assert.Equal(10, _log.Lines.Count(line => line.StartsWith("said ", StringComparison.Ordinal) && line.Contains(nameof(Thrown), StringComparison.Ordinal)));
    }

    private static void Say(ILogger logger, LogLevel level, string text, Exception? exception = null, int number = 1) =>
        logger.Log(level, new EventId(number), text, exception, static (text, _) => text);

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("refused\n   at Somewhere()");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    /// <summary>Keeps what is logged, with the text of its exception.</summary>
    private sealed class EventLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add($"{formatter(state, exception)} {exception}".TrimEnd());

        public void Dispose()
        {
        }
    }
}
