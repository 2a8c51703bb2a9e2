using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Gongji.Grains;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace Gongji.Silo;

/// <summary>Microsoft Orleans: one silo by itself on the embedded store, or a member of the cluster that lives in PostgreSQL.</summary>
public static partial class GongjiSilo
{
    private const string Invariant = "Npgsql";

    // The assembly version stays 10.0.0 through all of Orleans 10; this one is the package's, with the commit after a plus sign.
    public static partial string RuntimeName =>
        "Orleans " + typeof(ClusterOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0];

    private static partial bool IsClustered(SiloOptions options) => options.PostgresConnectionString is not null;

    private static partial void UseGrains(IHostApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        (int siloPort, int gatewayPort) = (FreePort(), FreePort());
        if (options.PostgresConnectionString is { } connection)
        {
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, connection));
            silo.AddAdoNetGrainStorage(GrainStorage.Regions, storage => (storage.Invariant, storage.ConnectionString) = (Invariant, connection));
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("gongji", "gongji"));
            silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort, listenOnAnyHostAddress: false);
        }
        else
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                GrainStorage.Regions, (provider, _) => new SqlGrainStorage(provider.GetRequiredService<ILedgerStore>()));
        }
    });

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
