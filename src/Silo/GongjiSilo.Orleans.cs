using System.Net;
using System.Reflection;
using Gongji.Grains;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Storage;

namespace Gongji.Silo;

/// <summary>Microsoft Orleans: a single silo on the embedded store, or a member of the cluster whose membership is in PostgreSQL.</summary>
public static partial class GongjiSilo
{
    private const string Invariant = "Npgsql";

    /// <summary>Callers come in over HTTP only: there is no port for Orleans clients.</summary>
    private const int NoGateway = 0;

    /// <summary>
    /// How often a silo writes that it is alive. When a whole cluster has died and its silos come back at other addresses, they wait for three of
    /// these intervals, and then for answers that do not come, before they declare the old silos dead (with Orleans' default, a minute and a half). A live silo that could not write
    /// is only probed by the others.
    /// </summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo waits for another to answer a probe; after three failed probes, the other is declared dead. Until then calls to what it holds wait, and soon every caller
    /// waits for one of those calls: with Orleans' default of 5 seconds, a cluster of three stood still until the killed silo was back. A shorter time could mistake long
    /// collections for death (1.8 seconds of 2.2 were seen, with 4.6 GB). A silo that is wrongly declared dead ends, though its writes are fenced.
    /// </summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a silo reads which silos are alive. A silo that stood still or was cut off, and was declared dead meanwhile, learns it from nowhere else, because nobody
    /// tells the dead. At Orleans' default of a minute, one was seen to go on for 26 seconds: its writes were fenced off, but it could answer with outdated rules of regions.
    /// </summary>
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(5);

    // The assembly version stays 10.0.0 through all of Orleans 10. This is the package's version, with its commit.
    public static partial string RuntimeName =>
        "Orleans " + typeof(ClusterOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0].TrimEnd('.');

    public static partial bool IsClustered(SiloOptions options) => options.PostgresConnectionString is not null;

    private static partial void UseGrains(IHostApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        if (options.PostgresConnectionString is { } connection)
        {
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, connection));
            silo.AddAdoNetGrainStorage(GrainStorage.Regions, storage => (storage.Invariant, storage.ConnectionString) = (Invariant, connection));
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("gongji", "gongji"));
            silo.Configure<ClusterMembershipOptions>(membership =>
                (membership.IAmAliveTablePublishTimeout, membership.ProbeTimeout, membership.TableRefreshTimeout) = (SignOfLife, ProbePatience, LookAround));
            silo.ConfigureEndpoints(options.Endpoint.Address, options.Endpoint.ChoosePort(), NoGateway, listenOnAnyHostAddress: false);
        }
        else
        {
            silo.UseLocalhostClustering(SiloEndpoint.FreePort(IPAddress.Loopback), SiloEndpoint.FreePort(IPAddress.Loopback));
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                GrainStorage.Regions, (provider, _) => new SqlGrainStorage(provider.GetRequiredService<ILedgerStore>()));
        }

        silo.Services.AddSingleton<IFatalErrorHandler, SiloEnd>();

        // Before all others, since the first provider that knows an interface is used.
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, GrainInterfaceTypes>());
    });
}
