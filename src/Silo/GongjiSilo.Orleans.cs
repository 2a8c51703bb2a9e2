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

/// <summary>Microsoft Orleans: one silo by itself on the embedded store, or a member of the cluster that lives in PostgreSQL.</summary>
public static partial class GongjiSilo
{
    private const string Invariant = "Npgsql";

    /// <summary>Callers come in by HTTP alone: no port for Orleans clients.</summary>
    private const int NoGateway = 0;

    /// <summary>
    /// How often a silo writes that it lives. A cluster that died as a whole, whose silos come back at other addresses, waits for three of
    /// these, and then for answers that do not come, before it takes the dead for dead (by Orleans' default a minute and a half). A living silo that could not write is only
    /// asked by the others whether it lives.
    /// </summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo waits for another to say that it lives; three times in vain, and it is taken for dead. Until then calls to what it holds wait, and soon every caller
    /// waits for one of those: with Orleans' default, 5 seconds, a cluster of three stood still until the silo that was killed was back. Less than this could take long
    /// collections for death (1.8 seconds of 2.2 were seen, with 4.6 GB); who is taken for dead wrongly ends, though its writes are fenced.
    /// </summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    // The assembly version stays 10.0.0 through all of Orleans 10; this one is the package's, with the commit behind it.
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
            silo.Configure<ClusterMembershipOptions>(membership => (membership.IAmAliveTablePublishTimeout, membership.ProbeTimeout) = (SignOfLife, ProbePatience));
            silo.ConfigureEndpoints(options.Endpoint.Address, options.Endpoint.ChoosePort(), NoGateway, listenOnAnyHostAddress: false);
        }
        else
        {
            silo.UseLocalhostClustering(SiloEndpoint.FreePort(IPAddress.Loopback), SiloEndpoint.FreePort(IPAddress.Loopback));
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                GrainStorage.Regions, (provider, _) => new SqlGrainStorage(provider.GetRequiredService<ILedgerStore>()));
        }

        // Before all others: the first that knows an interface is the one that is asked.
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, GrainInterfaceTypes>());
    });
}
