using System.Security.Cryptography;
using Gongji.Api.Hosting;
using Gongji.Api.Signing;
using Gongji.Client;
using Gongji.Silo;

namespace Gongji.Api.Demo;

/// <summary>Runs the product in this process, on a free port and a temporary store.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _directory;

    private DemoServer(WebApplication app, DirectoryInfo directory, GatewayKey key)
    {
        Key = key;
        _app = app;
        _directory = directory;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>A Monday morning, some days after cross-province transfers went live.</summary>
    public static DateTimeOffset Start { get; } = new(2024, 12, 2, 9, 0, 0, TimeSpan.FromHours(8));

    public Uri Address { get; }

    /// <summary>The key that signs the story's calls.</summary>
    public GatewayKey Key { get; }

    public string Store => _directory.FullName;

    public static async Task<DemoServer> StartAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("gongji-demo-");
        byte[] secret = RandomNumberGenerator.GetBytes(GatewayKey.SecretBytesMin);
        GatewayKey key = GatewayKey.Hmac("demo", secret);
        WebApplication? app = null;
        try
        {
            app = ApiHost.Build(new ApiOptions
            {
                Urls = [ListenUrl.AnyPort],
                Signing = new SigningOptions { Gateways = [Gateway.Hmac(new CallerScope(key.KeyId, GatewayRoles.All, ProvinceSet.Nation), secret)] },
                Silo = new SiloOptions { DataDirectory = directory.FullName, ClockStart = Start },
                LogLevel = LogLevel.Error,
            });
            await app.StartAsync(cancellationToken);
            return new DemoServer(app, directory, key);
        }
        catch
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            key.Dispose();
            directory.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Key.Dispose();
        _directory.Delete(recursive: true);
    }
}
