using System.Globalization;
using Gongji.Api.Hosting;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// The product in this process: a real server, a real silo, SQLite in a temporary directory, and the clock on a Monday morning. At the end its
/// ledger is audited, and its log must have no errors.
/// </summary>
public partial class RunningApp : IAsyncLifetime
{
    public const string Suzhou = "320500";
    public const string Nanjing = "320100";
    public const string Zhengzhou = "410100";

    /// <summary>A region that is not live.</summary>
    public const string Hangzhou = "330100";

    private IReadOnlyCollection<string> _errors = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gongji-api-test-");
    private WebApplication? _app;
    private int _persons;

    /// <summary>When the clock starts; null for the machine's clock.</summary>
    protected virtual DateTimeOffset? ClockStart => new(2024, 12, 2, 9, 0, 0, TimeSpan.FromHours(8));

    /// <summary>When days are closed automatically; null for never.</summary>
    internal virtual ClearingCutOff? CutOff => null;

    /// <summary>
    /// Unsigned calls are accepted, for tests that write requests by hand. <see cref="Http"/> signs all the same, and signed calls are checked.
    /// </summary>
    internal virtual SigningOptions Signing => new() { Gateways = [TestGateways.Nation.Gateway], AcceptsUnsigned = true };

    internal Uri Address => new(_app!.Urls.First());

    internal Caller Http { get; private set; } = null!;

    internal IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        ErrorLog log = new();
        _errors = log.Errors;
        _app = ApiHost.Build(
            new ApiOptions
            {
                Urls = [ListenUrl.AnyPort],
                Signing = Signing,
                Silo = new SiloOptions { DataDirectory = _directory.FullName, ClockStart = ClockStart, ClearingCutOff = CutOff },
            },
            logs => logs.AddProvider(log));
        await _app.StartAsync();
        Http = new Caller(Address, key: TestGateways.Nation.Key);
        await GoLiveAsync(Suzhou);
        await GoLiveAsync(Nanjing);
        await GoLiveAsync(Zhengzhou);
    }

    public async Task DisposeAsync()
    {
        Answer audit = await Http.GetAsync("/v1/audit");
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
        Assert.Equal(200, audit.Status);
        Assert.All(audit.Json["invariants"]!.AsArray(), invariant => Assert.Equal(0, (long)invariant!["violations"]!));
        Assert.Empty(_errors);
    }

    /// <summary>Puts a region live in every tier.</summary>
    internal async Task GoLiveAsync(string region, string otherRules = "")
    {
        string rules = $$"""{"live":{"sameRegion":true,"inProvince":true,"crossProvince":true}{{otherRules}}}""";
        Answer answer = await Http.PutAsync($"/v1/regions/{region}", $$"""{"name":"Test {{region}}","rules":{{rules}}}""");
        Assert.Equal(200, answer.Status);
    }

    /// <summary>A new region for one test, live in every tier, with a code that is not in the catalogue.</summary>
    internal async Task<string> NewRegionAsync(string otherRules = "")
    {
        string region = string.Create(CultureInfo.InvariantCulture, $"98{Interlocked.Increment(ref _persons):D4}");
        await GoLiveAsync(region, otherRules);
        return region;
    }

    /// <summary>A new employee with an open wallet.</summary>
    internal async Task<string> NewPersonAsync(
        string region = Suzhou, long creditFen = 0, bool wallet = true, bool autoAccept = false, string insurance = "employee")
    {
        string person = string.Create(CultureInfo.InvariantCulture, $"p-{Interlocked.Increment(ref _persons)}");
        Answer put = await Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{region}}","insurance":"{{insurance}}","status":"active"}""");
        Assert.Equal(200, put.Status);
        if (wallet)
        {
            Answer open = await Http.PostAsync($"/v1/persons/{person}/wallet", $$"""{"usePlace":"{{region}}","autoAccept":{{(autoAccept ? "true" : "false")}}}""");
            Assert.Equal(200, open.Status);
        }

        if (creditFen > 0)
        {
            Assert.Equal(201, (await CreditAsync(person, Guid.CreateVersion7(), creditFen)).Status);
        }

        return person;
    }

    internal Task<Answer> CreditAsync(string person, Guid id, long amountFen, string period = "2024-12") =>
        Http.PostAsync($"/v1/persons/{person}/credits", string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","amountFen":{{amountFen}},"period":"{{period}}"}"""));

    internal Task<Answer> TransferAsync(string payer, string payee, long amountFen, Guid? id = null, string source = "personal", string kinship = "parent") =>
        Http.PostAsync("/v1/transfers", TransferBody(id ?? Guid.CreateVersion7(), payer, payee, amountFen, source, kinship));

    internal static string TransferBody(Guid id, string payer, string payee, long amountFen, string source = "personal", string kinship = "parent") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","payer":"{{payer}}","payee":"{{payee}}","source":"{{source}}","amountFen":{{amountFen}},"kinship":"{{kinship}}"}""");

    internal Task<Answer> EndAsync(Guid transfer, string verb, string by) => Http.PostAsync($"/v1/transfers/{transfer}/{verb}", $$"""{"by":"{{by}}"}""");

    /// <summary>The balances personal, wallet and held, in fen.</summary>
    internal async Task<(long PersonalFen, long WalletFen, long HeldFen)> BalancesAsync(string person)
    {
        Answer answer = await Http.GetAsync($"/v1/persons/{person}");
        return (answer.Number("balances.personalFen"), answer.Number("balances.walletFen"), answer.Number("balances.heldFen"));
    }
}
