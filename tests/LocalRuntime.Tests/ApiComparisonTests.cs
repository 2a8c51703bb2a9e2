using System.Reflection;
using Gongji.LocalRuntime.Tests.Support;

namespace Gongji.LocalRuntime.Tests;

/// <summary>
/// Compares the public surface in Orleans' namespaces with the real Orleans assembly that is available as a package, read as metadata: what compiles here
/// must compile there.
/// </summary>
public class ApiComparisonTests
{
    /// <summary>Types that this assembly does not contain: they are in packages that are not available, and were compared with their source by hand.</summary>
    private static readonly string[] NotCompared =
    [
        "Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions",
        "Orleans.AliasAttribute",
        "Orleans.ClientStreamingExtensions",
        "Orleans.Configuration.ClusterOptions",
        "Orleans.Configuration.GrainCollectionOptions",
        "Orleans.Configuration.MemoryGrainStorageOptions",
        "Orleans.Configuration.MessagingOptions",
        "Orleans.Configuration.SiloMessagingOptions",
        "Orleans.GenerateSerializerAttribute",
        "Orleans.GrainReminderExtensions",
        "Orleans.GrainState`1",
        "Orleans.GrainStreamingExtensions",
        "Orleans.Hosting.CoreHostingExtensions",
        "Orleans.Hosting.GrainCallFilterSiloBuilderExtensions",
        "Orleans.Hosting.ISiloBuilder",
        "Orleans.Hosting.ISiloMemoryStreamConfigurator",
        "Orleans.Hosting.MemoryGrainStorageSiloBuilderExtensions",
        "Orleans.Hosting.ReminderOptions",
        "Orleans.Hosting.SiloBuilderExtensions",
        "Orleans.Hosting.SiloBuilderMemoryStreamExtensions",
        "Orleans.Hosting.SiloBuilderReminderMemoryExtensions",
        "Orleans.IClusterClient",
        "Orleans.IGrainState`1",
        "Orleans.IRemindable",
        "Orleans.IdAttribute",
        "Orleans.ImmutableAttribute",
        "Orleans.Runtime.Hosting.StorageProviderExtensions",
        "Orleans.Runtime.IGrainReminder",
        "Orleans.Runtime.IPersistentState`1",
        "Orleans.Runtime.PersistentStateAttribute",
        "Orleans.Runtime.StreamId",
        "Orleans.Runtime.TickStatus",
        "Orleans.Serialization.Invocation.IInvokable",
        "Orleans.Storage.IGrainStorage",
        "Orleans.Storage.InconsistentStateException",
        "Orleans.Streams.AsyncObservableExtensions",
        "Orleans.Streams.IAsyncObservable`1",
        "Orleans.Streams.IAsyncObserver`1",
        "Orleans.Streams.IAsyncStream",
        "Orleans.Streams.IAsyncStream`1",
        "Orleans.Streams.IStreamProvider",
        "Orleans.Streams.StreamProviderExtensions",
        "Orleans.Streams.StreamSequenceToken",
        "Orleans.Streams.StreamSubscriptionHandleExtensions",
        "Orleans.Streams.StreamSubscriptionHandle`1",
    ];

    private static readonly ApiSurface Real = ApiSurface.Read(
        typeof(ApiComparisonTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "OrleansCoreAbstractions").Value!);

    private static readonly ApiSurface Ours = ApiSurface.Read(typeof(LocalCluster).Assembly.Location);

    [Fact]
    public void Types_that_exist_in_Orleans_are_of_the_same_kind()
    {
        Assert.NotEmpty(Shared());
        Assert.Empty(Shared().Where(name => Real.Types[name].Kind != Ours.Types[name].Kind)
            .Select(name => $"{name}: Orleans {Real.Types[name].Kind}, here {Ours.Types[name].Kind}"));
    }

    [Fact]
    public void Members_of_types_that_exist_in_Orleans_have_the_same_signature_there() =>
        Assert.Empty(Shared().SelectMany(name => Ours.Types[name].Members.Except(Real.Types[name].Members)
            .Select(member => $"{name}: {member}\n   Orleans has: {string.Join("\n     ", Real.Types[name].Like(member))}")));

    [Fact]
    public void Base_types_and_interfaces_of_types_that_exist_in_Orleans_are_theirs() =>
        Assert.Empty(Shared().SelectMany(name => Ours.Types[name].Bases.Except(Real.Types[name].Bases).Select(parent => $"{name}: {parent}")));

    [Fact]
    public void Types_that_cannot_be_compared_are_listed() => Assert.Equal(
        NotCompared,
        Ours.Types.Keys.Where(IsOrleans).Except(Real.Types.Keys).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Shared() => Ours.Types.Keys.Where(IsOrleans).Where(Real.Types.ContainsKey).Order(StringComparer.Ordinal);

    private static bool IsOrleans(string type) =>
        type.StartsWith("Orleans.", StringComparison.Ordinal) || type.StartsWith("Microsoft.", StringComparison.Ordinal);
}
