using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gongji.LoadTest;

/// <summary>A silo in this process.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public ILedgerStore Store => _host.Services.GetRequiredService<ILedgerStore>();

    public static async Task<BenchSilo> StartAsync(SiloOptions options, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = NewBuilder();
        builder.AddGongjiSilo(options);
        BenchSilo silo = new(builder.Build());
        await silo._host.StartAsync(cancellationToken);
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>A host that logs only warnings and errors, on standard error.</summary>
    internal static HostApplicationBuilder NewBuilder()
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        AddLogging(builder.Logging);
        return builder;
    }

    internal static void AddLogging(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .SetMinimumLevel(LogLevel.Warning);
}
