using Gongji.Api.Hosting;
using Gongji.Silo;

namespace Gongji.Api.Demo;

/// <summary>The product in this process, on a free port and a store that is thrown away afterwards.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _directory;

    private DemoServer(WebApplication app, DirectoryInfo directory)
    {
        _app = app;
        _directory = directory;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>A Monday morning, some days after cross-province transfers began.</summary>
    public static DateTimeOffset Start { get; } = new(2024, 12, 2, 9, 0, 0, TimeSpan.FromHours(8));

    public Uri Address { get; }

    public string Store => _directory.FullName;

    public static async Task<DemoServer> StartAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("gongji-demo-");
        WebApplication? app = null;
        try
        {
            app = ApiHost.Build(new ApiOptions
            {
                Urls = [LoopbackUrl.AnyPort],
                Silo = new SiloOptions { DataDirectory = directory.FullName, ClockStart = Start },
                LogLevel = LogLevel.Error,
            });
            await app.StartAsync(cancellationToken);
            return new DemoServer(app, directory);
        }
        catch
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            directory.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
