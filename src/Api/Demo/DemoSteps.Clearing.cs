using System.Text.Json.Nodes;

namespace Gongji.Api.Demo;

/// <content>The clearing, statistics and events.</content>
internal sealed partial class DemoSteps
{
    private static readonly string[] Counted = ["transfers", "payments", "contributions"];

    /// <summary>Closes a day at whose end one region owes one other.</summary>
    public async Task CloseDayAsync(string title, string day, string from, string to, long amountFen, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync($"/v1/clearing/{day}/close", null, cancellationToken);
        string owed = Owed(answer);
        await ShowAsync(title, answer, $"{answer.Text("status")}, {answer.Text("basis")}: {(owed.Length == 0 ? "nobody owes anybody" : owed)}", cancellationToken);
        Expect("day", $"200 closed {from} owes {to} {DemoPage.Yuan(amountFen)}", $"{answer.Status} {answer.Text("status")} {owed}");
    }

    public async Task SettleAsync(string title, string day, string from, string to, long amountFen, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["id"] = Guid.CreateVersion7().ToString(), ["from"] = from, ["to"] = to, ["amountFen"] = amountFen };
        DemoAnswer answer = await client.PostAsync($"/v1/clearing/{day}/settlements", body, cancellationToken);
        await ShowAsync(title, answer, $"{DemoPage.Yuan(answer.Number("amountFen"))} of {answer.Text("day")} are settled", cancellationToken);
        Expect("settlement", $"201 {amountFen}", $"{answer.Status} {answer.Number("amountFen")}");
    }

    public async Task OutstandingAsync(string title, string day, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync($"/v1/clearing/{day}", cancellationToken);
        string owed = Owed(answer);
        await ShowAsync(title, answer, owed.Length == 0 ? "nothing is outstanding" : owed, cancellationToken);
        Expect("outstanding", "nothing", owed.Length == 0 ? "nothing" : owed);
    }

    /// <param name="title">What is shown.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="transfers">The expected number of transfers, and their sum in fen.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task StatisticsAsync(string title, string from, string to, (long Count, long Fen) transfers, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.GetAsync($"/v1/stats/aid?from={from}&to={to}", cancellationToken);
        string shown = string.Join(", ", Counted.Select(
            what => $"{what} {answer.Number($"{what}.count")} of {DemoPage.Yuan(answer.Number($"{what}.amountFen"))}"));
        await ShowAsync(title, answer, $"{shown}, wallets opened {answer.Number("walletsOpened")}", cancellationToken);
        Expect("transfers", $"200 {transfers.Count} {transfers.Fen}", $"{answer.Status} {answer.Number("transfers.count")} {answer.Number("transfers.amountFen")}");
    }

    /// <summary>Reads a province's events from the beginning of the ledger up to a person's last one, as a gateway would.</summary>
    public async Task EventsAsync(string title, string province, string person, string lastKind, CancellationToken cancellationToken)
    {
        long version = (await client.GetAsync($"/v1/persons/{person}", cancellationToken)).Number("version");
        DemoAnswer answer = await client.ReadEventsAsync(
            $"/v1/events?after=0&province={province}", item => (string?)item["person"] == person && (long?)item["version"] == version, cancellationToken);
        JsonArray events = answer.Body["events"]!.AsArray();
        string last = events.Count == 0 ? "none" : (string?)events[^1]!["kind"] ?? string.Empty;
        await ShowAsync(title, answer, $"{events.Count} events in order, the last: {person} {version} {last}", cancellationToken);
        Expect("events", $"200 {lastKind}, all of province {province}", $"{answer.Status} {last}, {(events.All(item => ((string?)item!["region"])?.StartsWith(province, StringComparison.Ordinal) == true) ? "all" : "not all")} of province {province}");
    }

    private static string Owed(DemoAnswer answer) => string.Join(
        ", ", (answer.Body["outstanding"]?.AsArray() ?? []).Select(left => $"{left!["from"]} owes {left["to"]} {DemoPage.Yuan(left["amountFen"]!.GetValue<long>())}"));
}
