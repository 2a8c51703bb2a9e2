using Gongji.Chaos.Load;
using Gongji.Chaos.Product;
using Gongji.Chaos.Stores;

namespace Gongji.Chaos;

/// <summary>The product on one store, with every command that it was ever given.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const int StartAttemptsMax = 3;

    private ProductProcess? _product;
    private DateTimeOffset _clockAt = new(2024, 12, 2, 9, 0, 0, TimeSpan.FromHours(8));
    private long _clockSetAt = TimeProvider.System.GetTimestamp();

    private Site(ChaosStore store)
    {
        Store = store;
        Reader = new Checks.LedgerReader();
    }

    public ChaosStore Store { get; }

    public Book Book { get; } = new();

    /// <summary>Reads the ledger's entries, and keeps what was read so far.</summary>
    public Checks.LedgerReader Reader { get; }

    /// <summary>The product's address; the same over restarts.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public ProductProcess Product => _product ?? throw new InvalidOperationException("The product does not run.");

    /// <summary>The last output of the product.</summary>
    public string Said => _product?.Output ?? "(nothing: it does not run)";

    /// <summary>The approximate time of the ledger's clock.</summary>
    public DateTimeOffset Clock => _clockAt + TimeProvider.System.GetElapsedTime(_clockSetAt);

    public static async Task<Site> StartAsync(StoreKind kind, CancellationToken cancellationToken)
    {
        ChaosStore store = kind == StoreKind.Postgres ? await PostgresStore.StartAsync(cancellationToken) : await SqliteStore.StartAsync();
        Site site = new(store);
        try
        {
            await site.StartProductAsync();
            using Caller caller = new(site.Address);
            await People.SetUpAsync(caller);
            await People.SetUpFamiliesAsync(caller);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the product.</summary>
    /// <param name="clockMoved">How far its clock is moved relative to the previous one.</param>
    public async Task StartProductAsync(TimeSpan clockMoved = default)
    {
        NoteClock(Clock + clockMoved);
        for (int attempt = 1; ; attempt++)
        {
            string[] arguments =
            [
                .. Store.Arguments,
                "--unsigned",
                "--urls",
                Address.ToString(),
                "--clock",
                Clock.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            ];
            try
            {
                (_product, Address) = await ProductProcess.ServeAsync(arguments);
                NoteClock(Clock);
                return;
            }
            catch (ChaosException) when (attempt < StartAttemptsMax)
            {
                // Another process may have taken the port while nothing listened on it.
            }
        }
    }

    public async Task KillProductAsync()
    {
        await Product.KillAsync();
        await Product.DisposeAsync();
        _product = null;
    }

    /// <summary>Stops the product with SIGTERM; it must end cleanly.</summary>
    public async Task StopProductAsync()
    {
        int exitCode = await Product.StopAsync();
        if (exitCode != 0)
        {
            throw new ChaosException($"The product ended with {exitCode} when it was asked to stop. It said:\n{Product.Output}");
        }

        await Product.DisposeAsync();
        _product = null;
    }

    /// <summary>Moves the product's clock forward.</summary>
    public async Task<Answer> MoveClockAsync(Caller caller, DateTimeOffset now)
    {
        // Noted before the clock moves, since answers may be given by the new time before this call returns.
        NoteClock(now);
        return await caller.PutAsync("/v1/clock", $$"""{"now":"{{now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)}}"}""");
    }

    public Task<(int ExitCode, string Output)> AuditAsync() => ProductProcess.RunAsync(["audit", .. Store.AuditArguments]);

    public async ValueTask DisposeAsync()
    {
        await (_product?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Store.DisposeAsync();
    }

    private void NoteClock(DateTimeOffset now)
    {
        (_clockAt, _clockSetAt) = (now, TimeProvider.System.GetTimestamp());
        Book.LatestClock = now > Book.LatestClock ? now : Book.LatestClock;
    }
}
