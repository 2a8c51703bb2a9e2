using System.Globalization;
using System.Text.Json.Nodes;
using static Gongji.Api.Demo.DemoCast;

namespace Gongji.Api.Demo;

/// <summary>
/// The story the project exists for: "a Suzhou resident transfers money from her personal account, in less than a minute, to her father in
/// Henan" (Xinhua, 2 Dec 2024). Every answer and both balances are checked at every step.
/// </summary>
internal sealed partial class DemoStory(DemoClient client, DemoPage page)
{
    private readonly DemoSteps _steps = new(client, page);

    public async Task PlayAsync(DemoServer server, CancellationToken cancellationToken)
    {
        page.Plain("Gongji demo: a daughter in Suzhou, her father in Zhengzhou. Amounts are in yuan.");
        page.Plain($"Server {server.Address}, runtime {Silo.GongjiSilo.RuntimeName},");
        page.Plain($"fresh SQLite store in {server.Store}, clock at {DemoServer.Start:yyyy-MM-dd HH:mm}.");
        await SetUpAsync(cancellationToken);
        await GiveAsync(cancellationToken);
        await FourthInADayAsync(cancellationToken);
        await SecondWhileOneWaitsAsync(cancellationToken);
        await AtNightAsync(cancellationToken);
        await WrongRelativesAsync(cancellationToken);
        await GoesBackAsync(cancellationToken);
        await PaysAsync(cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        page.Heading("Regions, from GB/T 2260; an operator puts three of them live across provinces");
        await _steps.RegionAsync(Suzhou, "苏州市", NewRules(), cancellationToken);
        await _steps.RegionAsync(Zhengzhou, "郑州市", NewRules(), cancellationToken);
        await _steps.RegionAsync(Wuhan, "武汉市", NewRules("spouse", "parent", "child"), cancellationToken);

        page.Heading("People and wallets");
        await _steps.PersonAsync("The daughter, an employee insured in Suzhou", Daughter, Suzhou, "employee", cancellationToken);
        await _steps.PersonAsync("Her father, a resident insured in Zhengzhou", Father, Zhengzhou, "resident", cancellationToken);
        await _steps.CreditAsync("Her first monthly credit", Daughter, 180_000, "2024-11", cancellationToken);
        await _steps.CreditAsync("Her second", Daughter, 180_000, "2024-12", cancellationToken);
        await _steps.WalletAsync("She opens her wallet", Daughter, Suzhou, cancellationToken);
        await _steps.WalletAsync("He opens his", Father, Zhengzhou, cancellationToken);
        _steps.Balances(daughter: (360_000, 0), father: 0);
    }

    private async Task GiveAsync(CancellationToken cancellationToken)
    {
        page.Heading("Calls are signed by the gateway that makes them");
        Guid id = Guid.CreateVersion7();
        DemoTransfer gift = new(id, Father, "parent", 80_000);
        await _steps.UnsignedAsync("Without a signature", gift, cancellationToken);
        await _steps.TamperedAsync("Signed for 800.00, changed to 1,800.00 on the way", gift, gift with { AmountFen = 180_000 }, cancellationToken);
        _steps.Balances(daughter: (360_000, 0), father: 0);

        page.Heading("The transfer");
        await _steps.TransferAsync("She transfers 800.00 to her father: held until he accepts", gift, cancellationToken);
        _steps.Balances(daughter: (280_000, 80_000), father: 0);
        await _steps.AcceptAsync("He accepts", id, Father, cancellationToken);
        _steps.Balances(daughter: (280_000, 0), father: 80_000);
        await _steps.ReplayAsync("The same request again, as after a lost answer: the first answer, no second transfer", gift, cancellationToken);
        await _steps.RefusedAsync("The same id for another amount", gift with { AmountFen = 90_000 }, 409, "idempotency-mismatch", cancellationToken);
        _steps.Balances(daughter: (280_000, 0), father: 80_000);
    }

    private async Task FourthInADayAsync(CancellationToken cancellationToken)
    {
        page.Heading("What the rules refuse");
        await _steps.RefusedAsync("2,000.01 at once: 2,000.00 is the most", To(Father, "parent", 200_001), 422, "amount-over-limit", cancellationToken);
        _steps.Balances(daughter: (280_000, 0), father: 80_000);
        await _steps.GiveAndAcceptAsync("A second transfer today", To(Father, "parent", 5_000), cancellationToken);
        _steps.Balances(daughter: (275_000, 0), father: 85_000);
        await _steps.GiveAndAcceptAsync("A third", To(Father, "parent", 5_000), cancellationToken);
        _steps.Balances(daughter: (270_000, 0), father: 90_000);
        await _steps.RefusedAsync("A fourth: three a day are allowed", To(Father, "parent", 5_000), 422, "daily-count-exceeded", cancellationToken);
        _steps.Balances(daughter: (270_000, 0), father: 90_000);
    }

    private async Task SecondWhileOneWaitsAsync(CancellationToken cancellationToken)
    {
        await _steps.ClockAsync("The next morning", "2024-12-03T09:00:00+08:00", cancellationToken);
        DemoTransfer waiting = To(Father, "parent", 10_000);
        await _steps.TransferAsync("A transfer that waits", waiting, cancellationToken);
        _steps.Balances(daughter: (260_000, 10_000), father: 90_000);
        await _steps.RefusedAsync("A second to him while one waits", To(Father, "parent", 10_000), 422, "previous-transfer-waiting", cancellationToken);
        _steps.Balances(daughter: (260_000, 10_000), father: 90_000);
        await _steps.AcceptAsync("He accepts the one that waits", waiting.Id, Father, cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
    }

    private async Task AtNightAsync(CancellationToken cancellationToken)
    {
        await _steps.ClockAsync("Late in the evening", "2024-12-03T22:30:00+08:00", cancellationToken);
        await _steps.RefusedAsync("At 22:30: transfers rest from 22:00 to 06:00", To(Father, "parent", 10_000), 422, "outside-hours", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
    }

    private async Task WrongRelativesAsync(CancellationToken cancellationToken)
    {
        await _steps.ClockAsync("Another morning", "2024-12-04T09:00:00+08:00", cancellationToken);
        await _steps.PersonAsync("Her brother, insured in Wuhan, where only spouse, parents and children count", Brother, Wuhan, "resident", cancellationToken);
        await _steps.WalletAsync("He opens his wallet", Brother, Wuhan, cancellationToken);
        await _steps.RefusedAsync("To her brother: a sibling, which his province does not allow", To(Brother, "sibling", 10_000), 422, "kinship-not-allowed", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
        await _steps.PersonAsync("Her mother, insured in Zhengzhou, who has no wallet", Mother, Zhengzhou, "resident", cancellationToken);
        await _steps.RefusedAsync("To her mother: her wallet is not open", To(Mother, "parent", 10_000), 422, "wallet-not-open", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
        await _steps.PersonAsync("Her grandmother, insured in Hangzhou, a region that is not live", Grandmother, Hangzhou, "resident", cancellationToken);
        await _steps.WalletAsync("She opens her wallet", Grandmother, Hangzhou, cancellationToken);
        await _steps.RefusedAsync("To her grandmother: Hangzhou is not live", To(Grandmother, "grandparent", 10_000), 422, "region-not-live", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
    }

    private async Task GoesBackAsync(CancellationToken cancellationToken)
    {
        page.Heading("What nobody accepts goes back at 06:00");
        DemoTransfer forgotten = To(Father, "parent", 20_000);
        await _steps.TransferAsync("She transfers 200.00; he does not see it", forgotten, cancellationToken);
        _steps.Balances(daughter: (240_000, 20_000), father: 100_000);
        await _steps.ClockAsync("The clock moves past 06:00", "2024-12-05T06:00:01+08:00", cancellationToken);
        await _steps.StatusAsync("The transfer", forgotten.Id, "returned", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
        await _steps.TooLateAsync("He accepts now: too late", forgotten.Id, Father, cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 100_000);
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        page.Heading("What the regions owe each other");
        await _steps.PositionAsync(Suzhou, fundFen: 360_000, netFen: -178_300, cancellationToken);
        await _steps.PositionAsync(Zhengzhou, fundFen: -178_300, netFen: 178_300, cancellationToken);
        await _steps.CloseDayAsync("The day of her first transfers is closed for good", "2024-12-02", Suzhou, Zhengzhou, 90_000, cancellationToken);
        await _steps.SettleAsync("Suzhou has paid Zhengzhou what it owes for it", "2024-12-02", Suzhou, Zhengzhou, 90_000, cancellationToken);
        await _steps.OutstandingAsync("The day again", "2024-12-02", cancellationToken);
        await _steps.PositionAsync(Suzhou, fundFen: 270_000, netFen: -88_300, cancellationToken);
        await _steps.PositionAsync(Zhengzhou, fundFen: -88_300, netFen: 88_300, cancellationToken);

        page.Heading("Statistics, events, and the proof");
        await _steps.StatisticsAsync("The four days of this story", "2024-12-02", "2024-12-05", (4, 100_000), cancellationToken);
        await _steps.EventsAsync("The events of Henan's people, as a gateway there listens to them", "41", Father, "relation-left", cancellationToken);
        await _steps.AuditAsync(cancellationToken);
    }

    private static DemoTransfer To(string payee, string kinship, long amountFen) => new(Guid.CreateVersion7(), payee, kinship, amountFen);

    /// <summary>Rules that are live across provinces, with the given kinships, or the default ones when none are given.</summary>
    private static JsonObject NewRules(params string[] kinships)
    {
        JsonObject rules = new() { ["live"] = new JsonObject { ["crossProvince"] = true } };
        if (kinships.Length > 0)
        {
            rules["kinships"] = new JsonArray([.. kinships.Select(kinship => JsonValue.Create(kinship))]);
        }

        return rules;
    }
}

/// <summary>A transfer by the daughter, from her personal account.</summary>
internal sealed record DemoTransfer(Guid Id, string Payee, string Kinship, long AmountFen)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id.ToString(),
        ["payer"] = Daughter,
        ["payee"] = Payee,
        ["source"] = "personal",
        ["amountFen"] = AmountFen,
        ["kinship"] = Kinship,
    };

    public string Yuan => DemoPage.Yuan(AmountFen).ToString(CultureInfo.InvariantCulture);
}
