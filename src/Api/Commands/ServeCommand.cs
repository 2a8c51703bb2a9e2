using System.CommandLine;
using System.Runtime.InteropServices;
using Gongji.Api.Hosting;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Silo;

namespace Gongji.Api.Commands;

/// <summary>The root command, which has no name: serves until it is asked to stop.</summary>
internal static class ServeCommand
{
    private const int DrainDelayMax = 600;

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Addresses to listen on, separated by ';'; others than loopback need --gateways.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private static readonly Option<string> Clock = new("--clock")
    {
        Description = $"Development: the clock starts here, e.g. {Rfc3339.Example}, and PUT /v1/clock moves it forward.",
        HelpName = "RFC3339",
    };

    private static readonly Option<bool> DemoRegions = new("--demo-regions")
    {
        Description = "Development: the demo's regions are live, closed hours off; those whose rules were ever set stay as they are.",
    };

    private static readonly Option<int> DrainDelay = new("--drain-delay")
    {
        Description = "Seconds to go on listening after SIGTERM, while /health/ready already says no (behind a load balancer).",
        HelpName = "SECONDS",
    };

    private static readonly Option<string> Clearing = new("--clearing")
    {
        Description = "How regions settle the days that are closed from now on: gross (each pays all it owes) or net (the difference).",
        HelpName = "gross|net",
        DefaultValueFactory = _ => ClearingBases.ToText(ClearingBasis.Gross),
    };

    private static readonly Option<string> CutOff = new("--clearing-cut-off")
    {
        Description = "Close each business day at this time, 24:00 for its end. Without it a day is closed by POST /v1/clearing/{day}/close alone.",
        HelpName = "HH:mm",
    };

    private static readonly Option<string> Procedure = new("--clearing-procedure")
    {
        Description = "Deadlines of a month's clearing and how prepayments are proposed, e.g. complete=3,table=21,sign=25,notices=31,paid=10,late=2,prepayment=2,average=12.",
        HelpName = "NAME=N,...",
        DefaultValueFactory = _ => string.Empty,
    };

    private static readonly StoreOptions Store = new();

    private static readonly SigningArguments Signing = new();

    private static readonly ClusterArguments Cluster = new();

    private static readonly LogArguments Log = new();

    public static RootCommand Create()
    {
        RootCommand command = new("Gongji: a durable ledger for medical-insurance mutual aid, with its HTTP API. Without a command it serves.");
        command.Options.Add(Urls);
        Store.AddTo(command);
        Cluster.AddTo(command);
        command.Options.Add(Clock);
        command.Options.Add(DemoRegions);
        Signing.AddTo(command);
        command.Options.Add(DrainDelay);
        command.Options.Add(Clearing);
        command.Options.Add(CutOff);
        command.Options.Add(Procedure);
        Log.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (Read(parsed, out string? wrong) is not { } options)
        {
            await Console.Error.WriteLineAsync(wrong);
            return ExitCodes.CannotStart;
        }

        using PosixSignalRegistration? ignored = FileSizeSignal.Ignore();
        WebApplication? app = null;
        DevelopmentGateway? development = null;
        try
        {
            foreach (ListenUrl url in options.Urls)
            {
                url.Probe();
            }

            (options, development) = WithKeys(options);
            app = ApiHost.Build(options);
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (StartFailure.Describe(exception, options.Silo) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            await DisposeQuietlyAsync(app);
            return ExitCodes.CannotStart;
        }

        if (options.Signing.GatewaysFile is { } file && GatewayFile.WarningOf(file) is { } warning)
        {
            app.Logger.GatewaysExposed(warning);
        }

        // With a JSON log, standard output must hold nothing but JSON, so the banner goes to standard error.
        TextWriter greeting = options.LogFormat == LogFormat.Json ? Console.Error : Console.Out;
        await greeting.WriteLineAsync(Banner.Of(app.Urls, options, development));
        return await ServeInTimeAsync(app);
    }

    /// <summary>
    /// Adds the keys of the file, or the development key. An unsigned server on PostgreSQL has no data directory to keep that key in, and needs none.
    /// </summary>
    private static (ApiOptions Options, DevelopmentGateway? Development) WithKeys(ApiOptions options)
    {
        SigningOptions signing = options.Signing;
        DevelopmentGateway? development = signing.GatewaysFile is not null || (signing.AcceptsUnsigned && options.Silo.PostgresConnectionString is not null)
            ? null
            : DevelopmentGateway.OpenOrCreate(options.Silo.DataDirectory);
        IReadOnlyList<Gateway> gateways = signing.GatewaysFile is { } file ? GatewayFile.Read(file) : development is not null ? [development.Gateway] : [];
        return (options with { Signing = signing with { Gateways = gateways } }, development);
    }

    /// <summary>Serves, and ends the process when stopping takes too long, for example because the silo cannot reach the cluster's membership table.</summary>
    private static async Task<int> ServeInTimeAsync(WebApplication app)
    {
        StopDeadline deadline = app.Services.GetRequiredService<StopDeadline>();
        ILoggerFactory logs = app.Services.GetRequiredService<ILoggerFactory>();
        ILogger logger = app.Logger;
        Task<int> serving = ServeAsync(app);
        Task<string> overdue = deadline.PassAsync();
        if (await Task.WhenAny(serving, overdue) == serving)
        {
            return await serving;
        }

        logger.StopOverdue(deadline.Bound.TotalSeconds, await overdue);

        // Flushes the log. Nothing else is disposed: that would wait for the same stop that is overdue.
        logs.Dispose();
        Environment.Exit(ExitCodes.Failed);
        return ExitCodes.Failed;
    }

    /// <summary>Serves until the process is asked to stop or a background service fails.</summary>
    private static async Task<int> ServeAsync(WebApplication running)
    {
        await using WebApplication app = running;
        try
        {
            await app.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is OperationCanceledException or AggregateException)
        {
            await Console.Error.WriteLineAsync($"It did not stop cleanly in time ({exception.Message}). What was answered is kept; what was under way resumes at the next start.");
            return ExitCodes.Failed;
        }

        bool hasFailed = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
        return hasFailed ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static ApiOptions? Read(ParseResult parsed, out string? wrong)
    {
        if (!ListenUrl.TryParseAll(parsed.GetValue(Urls) ?? string.Empty, out IReadOnlyList<ListenUrl>? urls, out wrong)
            || Signing.Read(parsed, urls, out wrong) is not { } signing
            || Cluster.Read(parsed, urls, Store.Postgres(parsed) is not null, out wrong) is not { } endpoint
            || Log.Read(parsed, out wrong) is not { } log)
        {
            return null;
        }

        if (!ClearingBases.TryParse(parsed.GetValue(Clearing), out ClearingBasis basis))
        {
            wrong = $"--clearing '{parsed.GetValue(Clearing)}' is not known: give gross or net.";
            return null;
        }

        if (parsed.GetValue(DrainDelay) is < 0 or > DrainDelayMax)
        {
            wrong = $"--drain-delay must be from 0 to {DrainDelayMax} seconds.";
            return null;
        }

        ClearingCutOff? cutOff = null;
        if (parsed.GetValue(CutOff) is { } time)
        {
            if (!ClearingCutOff.TryParse(time, out ClearingCutOff given))
            {
                wrong = $"--clearing-cut-off '{time}' is not a time of day: give one like 17:30, from 00:01 to 24:00.";
                return null;
            }

            cutOff = given;
        }

        if (!ClearingProcedure.TryParse(parsed.GetValue(Procedure) ?? string.Empty, out ClearingProcedure procedure, out string? part))
        {
            wrong = $"--clearing-procedure: {part}.";
            return null;
        }

        DateTimeOffset? clockStart = null;
        if (parsed.GetValue(Clock) is { } text)
        {
            if (!Rfc3339.TryParse(text, out DateTimeOffset start))
            {
                wrong = $"--clock '{text}' is not a time with offset: give one like {Rfc3339.Example}.";
                return null;
            }

            clockStart = start;
        }

        return new ApiOptions
        {
            Urls = urls,
            Signing = signing,
            DrainDelay = TimeSpan.FromSeconds(parsed.GetValue(DrainDelay)),
            LogFormat = log.Format,
            LogLevel = log.Level,
            Silo = new SiloOptions
            {
                PostgresConnectionString = Store.Postgres(parsed),
                Endpoint = endpoint,
                DataDirectory = Store.DataDirectory(parsed),
                ClockStart = clockStart,
                DemoRegions = parsed.GetValue(DemoRegions),
                ClearingBasis = basis,
                ClearingCutOff = cutOff,
                ClearingProcedure = procedure,
            },
        };
    }

    /// <summary>An app that failed to start may also fail to stop; the first failure has already been reported.</summary>
    private static async Task DisposeQuietlyAsync(WebApplication? app)
    {
        try
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"(It could not be stopped cleanly either: {exception.Message})");
        }
    }
}
