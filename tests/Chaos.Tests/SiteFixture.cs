using Gongji.Chaos.Stores;

namespace Gongji.Chaos.Tests;

/// <summary>One ledger that goes through every fault of its store in succession, as a real one would.</summary>
public abstract class SiteFixture : IAsyncLifetime
{
    private Site? _site;

    internal abstract StoreKind Kind { get; }

    internal Site Site => _site ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _site = await Site.StartAsync(Kind, CancellationToken.None);

    public async Task DisposeAsync() => await (_site?.DisposeAsync() ?? ValueTask.CompletedTask);
}

public sealed class PostgresSite : SiteFixture
{
    internal override StoreKind Kind => StoreKind.Postgres;
}

public sealed class SqliteSite : SiteFixture
{
    internal override StoreKind Kind => StoreKind.Sqlite;
}
