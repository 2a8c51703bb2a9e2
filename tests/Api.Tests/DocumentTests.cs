using System.Text;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Compares the OpenAPI document with real answers. Every caller of these tests compares (<see cref="ApiDescription"/>); here each operation has its turn.</summary>
public sealed class DocumentTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Day = "2024-12-02";

    [Fact]
    public async Task Every_operation_is_answered_as_the_document_says()
    {
        string region = await app.NewRegionAsync(""","netDebitCapFen":100000""");
        string giver = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 100_000);
        string recipient = await app.NewPersonAsync(RunningApp.Zhengzhou);
        await app.RelateAsync(giver, recipient, 5_000);
        await ReadAllOfPersonAsync(giver, recipient);
        await TransferAsync(giver, recipient);
        await PayAsync(giver, recipient);
        await Send("/v1/credits", $$"""{"person":"{{giver}}","id":"{{Guid.CreateVersion7()}}","amountFen":5,"period":"2024-12"}""", "application/x-ndjson");
        await Send("/v1/batch", "{}", "application/x-ndjson");
        await app.DissolveAsync(giver, recipient);
        Answer closed = await app.Http.SendAsync(HttpMethod.Delete, $"/v1/persons/{await app.NewPersonAsync()}/wallet", null);
        Assert.Equal(200, closed.Status);
        await ReadEventAsync();
        await CloseAndSettleAsync(region);
        foreach (string path in new[] { "/v1/regions", "/v1/regions/320500", "/v1/clock", "/v1/audit", "/health/live", "/health/ready", "/metrics", $"/v1/stats/aid?from={Day}&to={Day}" })
        {
            Assert.Equal(200, (await app.Http.GetAsync(path)).Status);
        }

        // A stream of events has no end, so it is read by a separate reader.
        Assert.Equal(ApiDescription.OperationIds.Where(id => id != "listenToEvents").Order(StringComparer.Ordinal), app.Http.Answered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lines_of_every_kind_are_taken_and_answered_as_the_document_says()
    {
        string giver = await app.NewPersonAsync(creditFen: 100_000);
        string recipient = await app.NewPersonAsync(RunningApp.Zhengzhou);
        Guid transfer = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(giver, recipient, 500, transfer)).Status);
        string[] lines =
        [
            $$"""{"op":"accept","id":"{{transfer}}","by":"{{recipient}}"}""",
            WithOp("transfer", RunningApp.TransferBody(Guid.CreateVersion7(), giver, await app.NewPersonAsync(), 500)),
            WithOp("payment", RunningApp.PaymentBody(Guid.CreateVersion7(), giver, 500)),
            WithOp("contribution", RunningApp.ContributionBody(Guid.CreateVersion7(), giver, giver, 500)),
            $$"""{"op":"credit","person":"{{giver}}","id":"{{Guid.CreateVersion7()}}","amountFen":5,"period":"2024-12"}""",
        ];
        foreach (string line in lines)
        {
            ApiDescription.CheckRequest("runBatch", "application/x-ndjson", line);
        }

        Answer answer = await Send("/v1/batch", string.Join('\n', [.. lines, "{}", lines[^1]]), "application/x-ndjson");

        Assert.Equal(["settled", "held", "paid", "paid", "201", "400", "201"], answer.Lines.Select(line => line["status"]!.ToString()));
        Assert.True((bool)answer.Lines[^1]["replay"]!);
    }

    [Fact]
    public void Answer_that_is_not_as_the_document_says_is_noticed()
    {
        const string Relation = """{"giver":"a","recipient":"b","kinship":null,"status":"dissolved","quotaFen":0,"usedFen":0,"leftFen":0}""";
        ApiDescription.CheckAnswer("dissolveRelation", Relation);

        foreach ((string old, string wrong) in new[] { ("null", "\"aunt\""), ("leftFen", "rest"), (":0}", ":0.5}"), ("}", ",\"more\":1}") })
        {
            string changed = Relation.Replace(old, wrong, StringComparison.Ordinal);
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ApiDescription.CheckAnswer("dissolveRelation", changed));
        }
    }

    private async Task ReadAllOfPersonAsync(string giver, string recipient)
    {
        foreach (string path in new[] { "", "/entries", "/relations", "/relatives-order" })
        {
            Assert.Equal(200, (await app.Http.GetAsync($"/v1/persons/{giver}{path}")).Status);
        }

        Assert.Equal(200, (await app.OrderAsync(recipient, giver)).Status);
    }

    private async Task TransferAsync(string giver, string recipient)
    {
        foreach (string verb in new[] { "accept", "reject", "cancel" })
        {
            Guid id = Guid.CreateVersion7();
            Assert.Equal(201, (await app.TransferAsync(giver, recipient, 1_000, id)).Status);
            string by = verb == "cancel" ? giver : recipient;
            Answer first = await app.EndAsync(id, verb, by);
            Answer again = await app.EndAsync(id, verb, by);
            Assert.Equal((200, 200, true), (first.Status, again.Status, again.IsReplay));
            Assert.Equal(200, (await app.Http.GetAsync($"/v1/transfers/{id}")).Status);
        }
    }

    private async Task PayAsync(string giver, string recipient)
    {
        (Guid payment, Guid contribution, Guid refund) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Answer paid = await app.PayAsync(recipient, 3_000, payment);
            Answer contributed = await app.ContributeAsync(giver, recipient, 2_000, contribution);
            Answer refunded = await app.RefundAsync(payment, 500, refund);
            Assert.All([paid, contributed, refunded], answer => Assert.Equal((201, attempt == 1), (answer.Status, answer.IsReplay)));
        }

        Assert.Equal(200, (await app.Http.GetAsync($"/v1/payments/{payment}")).Status);
        Assert.Equal(200, (await app.Http.GetAsync($"/v1/payments/{contribution}")).Status);
        Answer national = await app.Http.PostAsync(
            "/national/2207",
            $$"""{"infno":"2207","msgid":"document-1","fixmedins_code":"{{RunningApp.Hospital}}","input":{"data":{"psn_no":"{{giver}}","medfee_sumamt":1.5} } }""");
        Assert.Equal((200, "0"), (national.Status, national.Field("infcode")));
    }

    private async Task ReadEventAsync()
    {
        await using EventReader events = await EventReader.OpenAsync(app.Address);
        await events.TakeAsync(20);
    }

    private async Task CloseAndSettleAsync(string capped)
    {
        Assert.Equal(201, (await app.Http.PostAsync($"/v1/regions/{capped}/top-ups", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":5}""")).Status);
        Assert.Equal(200, (await app.Http.GetAsync($"/v1/reconciliation/{RunningApp.Suzhou}/{Day}")).Status);
        Assert.Equal(200, (await Send($"/v1/reconciliation/{RunningApp.Suzhou}/{Day}", $"id,amountFen\n{Guid.CreateVersion7()},1\n", "text/csv")).Status);
        Assert.Equal(200, (await app.Http.PutAsync("/v1/clock", """{"now":"2025-01-02T09:00:00+08:00"}""")).Status);
        Assert.Equal(200, (await app.Http.SendAsync(HttpMethod.Post, "/v1/clearing/2024-12-31/close", null)).Status);
        Answer day = await app.Http.GetAsync($"/v1/clearing/{Day}");
        JsonNode owed = day.Json["outstanding"]!.AsArray()[0]!;
        Answer settled = await app.Http.PostAsync(
            $"/v1/clearing/{Day}/settlements", $$"""{"id":"{{Guid.CreateVersion7()}}","from":"{{owed["from"]}}","to":"{{owed["to"]}}","amountFen":1}""");
        Assert.Equal(201, settled.Status);
        Assert.Equal(200, (await app.Http.GetAsync($"/v1/clearing/{Day}")).Status);
        foreach (JsonNode? province in (await app.Http.GetAsync("/v1/clearing/statements/2024-12")).Json["provinces"]!.AsArray())
        {
            Assert.Equal(200, (await app.Http.PostAsync("/v1/clearing/statements/2024-12/signatures", $$"""{"province":"{{province}}"}""")).Status);
        }

        Assert.NotEmpty((await app.Http.GetAsync("/v1/clearing/statements/2024-12")).Json["notices"]!.AsArray());
        Assert.Equal(200, (await app.Http.GetAsync("/v1/clearing/prepayments")).Status);
    }

    private Task<Answer> Send(string path, string body, string mediaType) => app.Http.SendAsync(HttpMethod.Post, path, Caller.Bytes(Encoding.UTF8.GetBytes(body), mediaType));

    private static string WithOp(string op, string body) => $"{{\"op\":\"{op}\",{body[1..]}";
}
