using Gongji.Api.Hosting;
using Gongji.Api.Tests.Support;
using Gongji.Grains;
using Gongji.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Api.Tests;

/// <summary>What is in the log, and what must not be.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Persons_that_a_runtime_names_are_not_in_the_log()
    {
        using ErrorLog log = new();
        using TemporaryDirectory directory = new();
        ApiOptions options = new() { Urls = [], Silo = new SiloOptions { DataDirectory = directory.FullName } };
        await using WebApplication app = ApiHost.Build(options, logging => logging.AddProvider(log));
        string grain = app.Services.GetRequiredService<IGrainFactory>().GetGrain<IInsuredPersonGrain>("320500199001011234").GetGrainId().ToString();
        ILogger orleans = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Runtime.Scheduler");

        Log(orleans, null, $"Task in [Activation: S127.0.0.1:1:1/{grain}@ffb4a6 State=Valid] took 1 s");
        Log(orleans, new TimeoutException($"No response for Request [S127.0.0.1:1:1 {grain}]->x"), "A call failed");
        Log(orleans, new TimeoutException("No response"), "Nobody is named");

        Assert.Collection(
            log.Errors,
            error => Assert.Contains("insuredperson/…@ffb4a6 State=Valid] took 1 s", error, StringComparison.Ordinal),
            error => Assert.Matches("A call failed .*TimeoutException: No response for Request \\[S127.0.0.1:1:1 insuredperson/…]->x", error),
            error => Assert.Contains("Nobody is named System.TimeoutException: No response", error, StringComparison.Ordinal));
        Assert.DoesNotContain("320500199001011234", string.Concat(log.Errors), StringComparison.Ordinal);
    }

    private static void Log(ILogger logger, Exception? exception, string text) => logger.Log(LogLevel.Error, default, text, exception, static (text, _) => text);
}
