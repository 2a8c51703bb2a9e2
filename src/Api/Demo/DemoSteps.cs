using System.Globalization;
using System.Text.Json.Nodes;

namespace Gongji.Api.Demo;

/// <summary>The kinds of steps that the story is made of: each one calls the API, prints the answer and checks it.</summary>
internal sealed partial class DemoSteps(DemoClient client, DemoPage page)
{
    private int _number;
    private string _step = "0";
    private string _daughter = string.Empty;
    private string _father = string.Empty;

    public async Task RegionAsync(string region, string name, JsonObject rules, CancellationToken cancellationToken)
    {
        DemoAnswer known = await client.GetAsync($"/v1/regions/{region}", cancellationToken);
        JsonObject body = new() { ["name"] = known.Text("name"), ["rules"] = rules };
        DemoAnswer answer = await client.PutAsync($"/v1/regions/{region}", body, cancellationToken);
        await ShowAsync($"{name} ({region})", answer, $"{answer.Text("name")}, live across provinces: {answer.Text("rules.live.crossProvince")}", cancellationToken);
        Expect("name", name, known.Text("name"));
        Expect("status", "200", Text(answer.Status));
        Expect("live across provinces", "true", answer.Text("rules.live.crossProvince"));
    }

    public async Task PersonAsync(string title, string person, string region, string insurance, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["region"] = region, ["insurance"] = insurance, ["status"] = "active" };
        DemoAnswer answer = await client.PutAsync($"/v1/persons/{person}", body, cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("insurance")}, insured in {answer.Text("region")}", cancellationToken);
        Expect("status", "200", Text(answer.Status));
        Expect("region", region, answer.Text("region"));
    }

    public async Task CreditAsync(string title, string person, long amountFen, string period, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["id"] = Guid.CreateVersion7().ToString(), ["amountFen"] = amountFen, ["period"] = period };
        DemoAnswer answer = await client.PostAsync($"/v1/persons/{person}/credits", body, cancellationToken);
        await ShowAsync(title, answer, $"{DemoPage.Yuan(amountFen)} for {period} is in the personal account", cancellationToken);
        Expect("status", "201", Text(answer.Status));
    }

    public async Task WalletAsync(string title, string person, string place, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync($"/v1/persons/{person}/wallet", new JsonObject { ["usePlace"] = place }, cancellationToken);
        await ShowAsync(title, answer, $"open: {answer.Text("wallet.open")}, used in {answer.Text("wallet.usePlace")}", cancellationToken);
        Expect("status", "200", Text(answer.Status));
        Expect("wallet open", "true", answer.Text("wallet.open"));
    }

    public async Task TransferAsync(string title, DemoTransfer transfer, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync("/v1/transfers", transfer.ToJson(), cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("status")}, {answer.Text("tier")}, goes back at {answer.Text("expiresAt")} unless accepted", cancellationToken);
        Expect("status", "201 held cross-province", $"{answer.Status} {answer.Text("status")} {answer.Text("tier")}");
    }

    public async Task ReplayAsync(string title, DemoTransfer transfer, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync("/v1/transfers", transfer.ToJson(), cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("status")}, Idempotent-Replay: {(answer.IsReplay ? "true" : "absent")}", cancellationToken);
        Expect("answer", "201 held, a replay", $"{answer.Status} {answer.Text("status")}, {(answer.IsReplay ? "a replay" : "no replay")}");
    }

    public async Task AcceptAsync(string title, Guid transfer, string by, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync($"/v1/transfers/{transfer}/accept", new JsonObject { ["by"] = by }, cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("status")}: {DemoPage.Yuan(answer.Number("amountFen"))} is in the wallet", cancellationToken);
        Expect("status", "200 settled", $"{answer.Status} {answer.Text("status")}");
    }

    public async Task GiveAndAcceptAsync(string title, DemoTransfer transfer, CancellationToken cancellationToken)
    {
        await TransferAsync($"{title}, {transfer.Yuan}", transfer, cancellationToken);
        await AcceptAsync("He accepts", transfer.Id, transfer.Payee, cancellationToken);
    }

    public async Task RefusedAsync(string title, DemoTransfer transfer, int status, string code, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync("/v1/transfers", transfer.ToJson(), cancellationToken);
        await RefusedAsync(title, answer, status, code, cancellationToken);
    }

    public async Task TooLateAsync(string title, Guid transfer, string by, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync($"/v1/transfers/{transfer}/accept", new JsonObject { ["by"] = by }, cancellationToken);
        await RefusedAsync(title, answer, 409, "wrong-state", cancellationToken);
    }

    public async Task StatusAsync(string title, Guid transfer, string status, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync($"/v1/transfers/{transfer}", cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("status")} at {answer.Text("endedAt")}", cancellationToken);
        Expect("status", status, answer.Text("status"));
    }

    public async Task ClockAsync(string title, string now, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PutAsync("/v1/clock", new JsonObject { ["now"] = now }, cancellationToken);
        await ShowAsync(title, answer, $"it is {answer.Text("now")}", cancellationToken);
        Expect("status", "200", Text(answer.Status));
    }

    public async Task PositionAsync(string region, long fundFen, long netFen, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync($"/v1/regions/{region}", cancellationToken);
        long net = answer.Number("clearing.netFen");
        string owed = net < 0 ? $"it owes other regions {DemoPage.Yuan(-net)}" : $"other regions owe it {DemoPage.Yuan(net)}";
        await ShowAsync($"{answer.Text("name")} ({region})", answer, $"its fund holds {DemoPage.Yuan(answer.Number("fundFen"))}; {owed}", cancellationToken);
        Expect("fundFen and netFen", $"{fundFen} {netFen}", $"{answer.Number("fundFen")} {net}");
    }

    /// <summary>Checks both people's balances, in fen, as they were read after the last step.</summary>
    public void Balances((long PersonalFen, long HeldFen) daughter, long father, long quota = 0)
    {
        Expect("the daughter's balances", Pockets(daughter.PersonalFen, 0, daughter.HeldFen, quota), _daughter);
        Expect("the father's balances", Pockets(0, father, 0, 0), _father);
    }

    public async Task AuditAsync(CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync("/v1/audit", cancellationToken);
        await ShowAsync("The audit of every invariant over the whole ledger", answer, "see the table", cancellationToken);
        page.Plain($"    {"invariant",-22} {"checked",9} {"of what",-28} {"violations",10}");
        JsonArray invariants = answer.Body["invariants"]?.AsArray() ?? [];
        foreach (JsonNode? invariant in invariants)
        {
            page.Plain($"    {invariant!["name"],-22} {invariant["checked"],9} {invariant["unit"],-28} {invariant["violations"],10}");
        }

        Expect("status", "200", Text(answer.Status));
        Expect("the list of invariants", "not empty", invariants.Count > 0 ? "not empty" : "empty");
        Expect("violations", "0", Text(invariants.Sum(invariant => invariant!["violations"]!.GetValue<long>())));
        page.Plain(string.Empty);
    }

    private async Task RefusedAsync(string title, DemoAnswer answer, int status, string code, CancellationToken cancellationToken)
    {
        await ShowAsync(title, answer, $"{answer.Text("code")}: {answer.Text("detail")}", cancellationToken);
        Expect("refusal", $"{status} {code}", $"{answer.Status} {answer.Text("code")}");
    }

    /// <summary>Prints a step, with both people's balances after it, read over HTTP.</summary>
    private async Task ShowAsync(string title, DemoAnswer answer, string outcome, CancellationToken cancellationToken)
    {
        _step = $"{++_number} ({title})";
        bool isUnexpected = answer.Status >= 400 && !outcome.StartsWith(answer.Text("code"), StringComparison.Ordinal);
        page.Step(_number, title, answer, isUnexpected ? answer.Body.ToJsonString() : outcome);
        _daughter = await ReadPocketsAsync(DemoCast.Daughter, cancellationToken);
        _father = await ReadPocketsAsync(DemoCast.Father, cancellationToken);
        page.Note($"daughter  {_daughter}");
        page.Note($"father    {_father}");
    }

    private void Expect(string what, string expected, string got)
    {
        if (expected != got)
        {
            throw new DemoDeviation(_step, $"{what}: {expected}", got);
        }
    }

    private async Task<string> ReadPocketsAsync(string person, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync($"/v1/persons/{person}", cancellationToken);
        return answer.Status == 200
            ? Pockets(answer.Number("balances.personalFen"), answer.Number("balances.walletFen"), answer.Number("balances.heldFen"), answer.Number("balances.quotaFen"))
            : "not known yet";
    }

    private static string Pockets(long personalFen, long walletFen, long heldFen, long quotaFen) =>
        $"personal {DemoPage.Yuan(personalFen),10}   wallet {DemoPage.Yuan(walletFen),10}   held {DemoPage.Yuan(heldFen),10}   quota {DemoPage.Yuan(quotaFen),10}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
