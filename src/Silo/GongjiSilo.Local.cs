using Gongji.Grains;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Gongji.Silo;

/// <summary>LocalRuntime: the Orleans model in this one process.</summary>
public static partial class GongjiSilo
{
    public static partial string RuntimeName => "LocalRuntime (one process)";

    public static partial bool IsClustered(SiloOptions options) => false;

    private static partial void UseGrains(IHostApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            GrainStorage.Regions, (provider, _) => new SqlGrainStorage(provider.GetRequiredService<ILedgerStore>())));
}
