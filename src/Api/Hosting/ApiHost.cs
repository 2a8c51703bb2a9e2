using System.Threading.RateLimiting;
using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Gongji.Api.Metrics;
using Gongji.Api.National;
using Gongji.Api.OpenApi;
using Gongji.Api.Signing;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gongji.Api.Hosting;

/// <summary>
/// Builds the process: the silo, and the HTTP server in front of it. It starts from an empty builder, so that no configuration file or environment
/// variable can add an address to listen on.
/// </summary>
internal static class ApiHost
{
    /// <summary>ISO 8601 with the machine's offset, so that logs of several machines, and of more than a day, can be merged in order.</summary>
    private const string LogTime = "yyyy-MM-dd'T'HH:mm:ss.fffzzz";

    /// <summary>Builds the whole product.</summary>
    public static WebApplication Build(ApiOptions options, Action<ILoggingBuilder>? logging = null)
    {
        WebApplicationBuilder builder = NewBuilder(options, logging);
        builder.AddGongjiSilo(options.Silo);
        return Finish(builder);
    }

    /// <summary>Builds the endpoints alone, enough to describe them; this app is never started.</summary>
    public static WebApplication BuildForDescription() =>
        Finish(NewBuilder(new ApiOptions { Urls = [], Silo = new SiloOptions(), LogLevel = LogLevel.None }, null));

    private static WebApplicationBuilder NewBuilder(ApiOptions options, Action<ILoggingBuilder>? logging)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Gongji.Api" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        StartPhase phase = new();
        ConfigureLogging(builder.Logging, options, phase, logging);
        IServiceCollection services = builder.Services;
        services.AddSingleton(phase);
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton(options.Signing);
        services.AddSingleton<GatewayRegistry>();
        services.AddSingleton<SignatureChecker>();
        services.AddSingleton<UploadSpace>();
        services.AddSingleton<RequestGate>();
        services.AddSingleton<DrainState>();
        services.AddSingleton<AuditTurn>();
        services.AddSingleton<LineSlots>();
        services.AddSingleton<LedgerWatch>();
        services.AddSingleton<EventReaders>();
        services.AddSingleton<ReconciliationTurns>();
        services.AddSingleton<StopDeadline>();
        services.AddHostedService<DrainService>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ApiLimits.ShutdownTimeout + options.DrainDelay);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        services.ConfigureHttpJsonOptions(json => ApiDocument.UseSchemaJson(json.SerializerOptions));

        // Against DNS rebinding: another site's page, its name made to resolve to this server, must not drive an unsigned API through the browser. A signed API it cannot drive.
        string[] hostNames = options.Signing.AcceptsUnsigned ? ["localhost", "127.0.0.1", "[::1]", .. options.Urls.Select(url => $"{url.Address}")] : ["*"];
        services.Configure<HostFilteringOptions>(hosts =>
            (hosts.AllowedHosts, hosts.AllowEmptyHosts, hosts.IncludeFailureMessage) = (hostNames, true, false));
        services.AddRateLimiter(BoundWhatIsInFlight);
        services.AddGongjiOpenApi();
        services.AddGongjiMetrics();
        return builder;
    }

    private static WebApplication Finish(WebApplicationBuilder builder)
    {
        WebApplication app = builder.Build();
        ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Gongji.Api.Requests");
        app.Lifetime.ApplicationStarted.Register(app.Services.GetRequiredService<StartPhase>().End);
        app.Lifetime.ApplicationStarted.Register(() => ApiMetrics.Started(app.Services.GetRequiredService<ApiOptions>().Silo));
        app.Use((http, next) => ErrorHandling.CatchAsync(http, next, logger));
        app.Use((http, next) =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return next(http);
        });
        app.UseStatusCodePages(ErrorHandling.WriteBodyAsync);
        app.UseHostFiltering();
        app.UseRouting();
        app.UseRateLimiter();

        // Resolved when the first request comes, since the app built for the description alone has no grains.
        app.Use((http, next) => http.RequestServices.GetRequiredService<RequestGate>().InvokeAsync(http, next));
        app.MapMetrics();
        RouteGroupBuilder calls = app.MapGroup(string.Empty).TakesHeadForGet();
        calls.MapHome();
        calls.MapHealth();
        calls.MapRegions();
        calls.MapPersons();
        calls.MapCredits();
        calls.MapRelations();
        calls.MapTransfers();
        calls.MapPayments();
        calls.MapNational();
        calls.MapBatch();
        calls.MapEvents();
        calls.MapReconciliation();
        calls.MapAudit();
        calls.MapClearing();
        calls.MapStats();
        calls.MapClock();
        app.MapOpenApi(ApiDocument.Path).WithMetadata(CallRule.Open).TakesHead();

        // Done here, not at start: the OpenAPI document is also generated from an app that is never started.
        app.UseEndpoints(_ => { });
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = ApiLimits.RequestHeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = ApiLimits.KeepAliveTimeout;

        // Bodies are bounded where they are read. The server's own limit would cut the connection before the caller could read why.
        kestrel.Limits.MaxRequestBodySize = null;
        foreach (ListenUrl url in options.Urls)
        {
            url.Listen(kestrel);
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logs, ApiOptions options, StartPhase phase, Action<ILoggingBuilder>? logging)
    {
        logs.SetMinimumLevel(options.LogLevel);
        foreach (string library in new[] { "Microsoft", "System", "Orleans", "Polly", "Npgsql" })
        {
            logs.AddFilter(library, options.LogLevel < LogLevel.Warning ? LogLevel.Warning : options.LogLevel);
        }

        // The command itself reports, in one line, what stopped a start. What stops a running process must be in the log.
        logs.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => phase.IsStarted && level >= LogLevel.Warning);

        // A starting silo warns about collector settings that were chosen on purpose; one whose start was abandoned warns about a premature stop.
        logs.AddFilter("Orleans.Runtime", level => level >= (phase.IsStarted ? LogLevel.Warning : LogLevel.Error));
        if (logging is not null)
        {
            logging(logs);
        }
        else if (options.LogFormat == LogFormat.Json)
        {
            logs.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = (LogTime, false));
        }
        else
        {
            logs.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, LogTime + ' ', false));
        }

        // An operator who asks for Debug or Trace gets everything, unabridged.
        if (options.LogLevel >= LogLevel.Information)
        {
            OperatorLog.StandBefore(logs.Services);
        }
    }

    private static void BoundWhatIsInFlight(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(
            _ => RateLimitPartition.GetConcurrencyLimiter(
                0,
                _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = ApiLimits.RequestsInFlightMax,
                    QueueLimit = ApiLimits.RequestsWaitingMax,
                }));
    }
}
