using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class BatchTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const int SentBeforeReading = 20_000;

    [Fact]
    public async Task Batch_of_mixed_commands_is_answered_line_by_line_in_order()
    {
        string payer = await app.NewPersonAsync(creditFen: 10_000);
        string automatic = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        string manual = await app.NewPersonAsync(RunningApp.Nanjing);
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        Guid waiting = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(payer, manual, 500, waiting)).Status);

        JsonNode[] lines = await SendAsync(
            Transfer(ids[0], payer, automatic, 100),
            Credit(ids[1], automatic, 70),
            $$"""{"op":"accept","id":"{{waiting}}","by":"{{manual}}"}""",
            Transfer(ids[2], payer, automatic, 30));

        Assert.Equal([ids[0], ids[1], waiting, ids[2]], lines.Select(line => (Guid)line["id"]!));
        Assert.Equal([1, 2, 3, 4], lines.Select(line => (int)line["line"]!));
        Assert.Equal(["settled", "201", "settled", "settled"], lines.Select(line => line["status"]!.ToString()));
        Assert.Equal(["cross-province", null, "in-province", "cross-province"], lines.Select(line => (string?)line["tier"]));
        Assert.All(lines, line => Assert.Null(line["code"]));
        Assert.Equal((70, 130, 0), await app.BalancesAsync(automatic));
        Assert.Equal((0, 500, 0), await app.BalancesAsync(manual));
        Assert.Equal((10_000 - 630, 0, 0), await app.BalancesAsync(payer));
    }

    /// <summary>Each line can succeed only after the line above it.</summary>
    [Fact]
    public async Task Lines_of_one_person_and_of_one_id_are_decided_in_their_order()
    {
        for (int round = 0; round < 20; round++)
        {
            string payer = await app.NewPersonAsync();
            string payee = await app.NewPersonAsync(RunningApp.Nanjing);
            Guid transfer = Guid.CreateVersion7();

            JsonNode[] lines = await SendAsync(
                Credit(Guid.CreateVersion7(), payer, 1_000),
                Transfer(transfer, payer, payee, 1_000),
                $$"""{"op":"accept","id":"{{transfer}}","by":"{{payee}}"}""",
                $$"""{"op":"payment","id":"{{Guid.CreateVersion7()}}","person":"{{payee}}","institution":"{{RunningApp.Hospital}}","amountFen":1000}""");

            Assert.Equal(["201", "held", "settled", "paid"], lines.Select(line => line["status"]!.ToString()));
        }
    }

    [Fact]
    public async Task Batch_gives_each_line_the_answer_that_the_call_alone_would_get()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();

        JsonNode line = Assert.Single(await SendAsync(Transfer(id, payer, payee, 100)));
        Answer alone = await app.TransferAsync(payer, payee, 100, id);

        Assert.Equal("held", (string?)line["status"]);
        foreach (string field in new[] { "id", "status", "tier", "expiresAt" })
        {
            Assert.Equal(alone.Field(field), line[field]!.ToString());
        }

        Assert.Null(line["endedAt"]);
        Assert.True(alone.IsReplay);
    }

    [Fact]
    public async Task Batch_with_bad_lines_fails_those_alone_with_problems()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Guid[] ids = [.. Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7())];
        (string Line, string? Code, int Status, Guid? Id)[] cases =
        [
            (Transfer(ids[0], payer, payee, 1), null, 0, ids[0]),
            ("{", "malformed", 400, null),
            ("not json", "malformed", 400, null),
            ("[]", "malformed", 400, null),
            ("null", "malformed", 400, null),
            ("\"op\"", "malformed", 400, null),
            ("{}", "malformed", 400, null),
            ($$"""{"id":"{{ids[1]}}"}""", "malformed", 400, ids[1]),
            ($$"""{"op":7,"id":"{{ids[2]}}"}""", "malformed", 400, ids[2]),
            ($$"""{"op":null,"id":"{{ids[2]}}"}""", "malformed", 400, ids[2]),
            ($$"""{"op":"steal","id":"{{ids[3]}}"}""", "malformed", 400, ids[3]),
            ($$"""{"op":"Transfer","id":"{{ids[3]}}"}""", "malformed", 400, ids[3]),
            (Transfer(ids[4], payer, payee, 0), "malformed", 400, ids[4]),
            (Transfer(ids[4], payer, payee, -1), "malformed", 400, ids[4]),
            (Transfer(ids[4], payer, payee, 1).Replace(":1,", ":1.0,", StringComparison.Ordinal), "malformed", 400, ids[4]),
            (Transfer(ids[4], payer, payee, 1)[..^1] + ""","extra":1}""", "malformed", 400, ids[4]),
            (Transfer(ids[4], payer, payee, 1)[..^1] + ""","op":"credit"}""", "malformed", 400, ids[4]),
            (Transfer(ids[4], payer, payee, 1) + "{}", "malformed", 400, ids[4]),
            (Transfer(Guid.Empty, payer, payee, 1), "malformed", 400, Guid.Empty),
            ($$"""{"op":"transfer","id":"not-an-id","payer":"{{payer}}"}""", "malformed", 400, null),
            ($$"""{"op":"accept","id":"{{ids[5]}}"}""", "malformed", 400, ids[5]),
            ($$"""{"op":"accept","id":"{{ids[5]}}","by":"a b"}""", "malformed", 400, ids[5]),
            ($$"""{"op":"credit","id":"{{ids[5]}}","person":"{{payee}}","amountFen":1,"period":"2024-13"}""", "malformed", 400, ids[5]),
            ("{\"op\":\"\\ud800\"}", "malformed", 400, null),
            (new string('x', 70_000), "too-large", 413, null),
            (Transfer(ids[6], "nobody", payee, 1), "no-such-person", 404, ids[6]),
            (Transfer(ids[7], payer, payer, 1), "same-person", 422, ids[7]),
            (Transfer(ids[8], payer, payee, 5_000), "insufficient-funds", 422, ids[8]),
            ($$"""{"op":"accept","id":"{{ids[9]}}","by":"{{payee}}"}""", "no-such-transfer", 404, ids[9]),
            (Credit(ids[10], "nobody", 1), "no-such-person", 404, ids[10]),
            (Transfer(ids[11], payer, payee, 2), null, 0, ids[11]),
        ];

        JsonNode[] lines = await SendAsync([.. cases.Select(each => each.Line)]);

        Assert.Equal(cases.Length, lines.Length);
        for (int i = 0; i < cases.Length; i++)
        {
            (string sent, string? code, int status, Guid? id) = cases[i];
            string what = $"{sent[..Math.Min(sent.Length, 90)]} -> {lines[i].ToJsonString()}";
            Assert.True(i + 1 == (int)lines[i]["line"]! && code == (string?)lines[i]["code"] && id == (Guid?)lines[i]["id"], what);
            if (code is null)
            {
                Assert.True((string?)lines[i]["status"] == "settled", what);
                continue;
            }

            Assert.Equal(status, (int)lines[i]["status"]!);
            Assert.Equal($"urn:gongji:problem:{code}", (string?)lines[i]["type"]);
            Assert.All(new[] { "title", "detail", "traceId" }, field => Assert.False(string.IsNullOrWhiteSpace((string?)lines[i][field]), what));
        }

        Assert.Equal((997, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 3, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Batch_with_invalid_utf8_fails_that_line_alone()
    {
        string person = await app.NewPersonAsync();
        byte[] body = [.. "{\"op\":\"transfer\",\"payer\":\""u8, 0xC3, 0x28, .. "\"}\n"u8, .. Encoding.UTF8.GetBytes(Credit(Guid.CreateVersion7(), person, 5))];

        JsonNode[] lines = (await app.Http.SendAsync(HttpMethod.Post, "/v1/batch", Caller.Bytes(body, "application/x-ndjson"))).Lines;

        Assert.Equal([400, 201], lines.Select(line => (int)line["status"]!));
    }

    [Fact]
    public async Task Batch_sent_again_gets_its_first_answers_and_moves_nothing()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Guid held = Guid.CreateVersion7();
        string manual = await app.NewPersonAsync();
        Assert.Equal(201, (await app.TransferAsync(payer, manual, 300, held)).Status);
        string[] batch =
        [
            Transfer(Guid.CreateVersion7(), payer, payee, 10),
            Credit(Guid.CreateVersion7(), payee, 20),
            $$"""{"op":"accept","id":"{{held}}","by":"{{manual}}"}""",
        ];

        JsonNode[] first = await SendAsync(batch);
        JsonNode[] second = await SendAsync([.. batch, batch[0].Replace(":10,", ":11,", StringComparison.Ordinal)]);

        Assert.All(first, line => Assert.Null(line["replay"]));
        Assert.All(second[..3], line => Assert.True((bool?)line["replay"]));
        Assert.Equal(first.Select(line => line["status"]!.ToString()), second[..3].Select(line => line["status"]!.ToString()));
        Assert.Equal("idempotency-mismatch", (string?)second[3]["code"]);
        Assert.Equal((690, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((20, 10, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Batch_with_one_id_in_many_lines_does_it_once()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        string line = Transfer(Guid.CreateVersion7(), payer, payee, 10);

        JsonNode[] lines = await SendAsync([.. Enumerable.Repeat(line, 50)]);

        Assert.All(lines, answer => Assert.Equal("settled", (string?)answer["status"]));
        Assert.Equal(49, lines.Count(answer => (bool?)answer["replay"] == true));
        Assert.Equal((0, 10, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Batch_of_twenty_thousand_lines_sent_before_reading_is_taken_whole()
    {
        string region = await app.NewRegionAsync(""","maxTransfersPerDay":1000,"maxTransferFen":1000,"closedFrom":"00:00","closedUntil":"00:00" """);
        string[] payers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.NewPersonAsync(region, creditFen: 100_000)));
        string payee = await app.NewPersonAsync(autoAccept: true);

        JsonNode[] lines = await SendAsync(
            [.. Enumerable.Range(0, SentBeforeReading).Select(index => Transfer(Guid.CreateVersion7(), payers[index % payers.Length], payee, 1))]);

        Assert.Equal(Enumerable.Range(1, SentBeforeReading), lines.Select(line => (int)line["line"]!));
        Assert.All(lines, line => Assert.Equal("settled", line["status"]!.ToString()));
        Assert.Equal((0, SentBeforeReading, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Batch_answers_while_it_is_still_being_sent()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        await using LineUpload upload = await LineUpload.StartAsync(app.Address, "/v1/batch");

        // Each line is sent only after the previous one was answered.
        for (int line = 1; line <= 3; line++)
        {
            await upload.SendAsync(Transfer(Guid.CreateVersion7(), payer, payee, line) + "\n");
            string answer = await upload.NextAnswerAsync();
            Assert.Contains($"\"line\":{line},", answer, StringComparison.Ordinal);
            Assert.Contains("\"status\":\"settled\"", answer, StringComparison.Ordinal);
        }

        await upload.EndAsync();
        Assert.Equal((0, 6, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Batch_that_breaks_off_has_done_its_whole_lines_and_nothing_of_the_broken_one()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        string[] whole = [.. Enumerable.Range(0, 3).Select(_ => Transfer(Guid.CreateVersion7(), payer, payee, 10))];
        await using (LineUpload upload = await LineUpload.StartAsync(app.Address, "/v1/batch"))
        {
            await upload.SendAsync(string.Join('\n', whole) + "\n");
            foreach (string _ in whole)
            {
                await upload.NextAnswerAsync();
            }

            // The end of this line never arrives, although the part that is sent would be a complete command.
            await upload.SendBrokenAsync(Transfer(Guid.CreateVersion7(), payer, payee, 500));
        }

        JsonNode[] again = await SendAsync(whole);

        Assert.All(again, line => Assert.True((bool?)line["replay"]));
        Assert.Equal((970, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 30, 0), await app.BalancesAsync(payee));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\n")]
    public async Task Batch_without_lines_is_answered_with_none(string body)
    {
        Answer answer = await PostAsync(body);

        Assert.Equal((200, "application/x-ndjson", ""), (answer.Status, answer.MediaType, answer.Text));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-ndjson; charset=utf-16")]
    [InlineData(null)]
    public async Task Batch_of_another_media_type_is_refused(string? mediaType)
    {
        Expect.Problem(await app.Http.SendAsync(HttpMethod.Post, "/v1/batch", Caller.Bytes("{}"u8.ToArray(), mediaType)), 415, "malformed");
    }

    [Fact]
    public async Task Batch_by_another_method_is_refused()
    {
        Expect.Problem(await app.Http.GetAsync("/v1/batch"), 405, "method-not-allowed");
    }

    private Task<Answer> PostAsync(string body) =>
        app.Http.SendAsync(HttpMethod.Post, "/v1/batch", Caller.Bytes(Encoding.UTF8.GetBytes(body), "application/x-ndjson"));

    private async Task<JsonNode[]> SendAsync(params string[] lines)
    {
        Answer answer = await PostAsync(string.Join('\n', lines) + "\n");
        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.MediaType));
        return answer.Lines;
    }

    private static string Transfer(Guid id, string payer, string payee, long amountFen) =>
        """{"op":"transfer",""" + RunningApp.TransferBody(id, payer, payee, amountFen)[1..];

    private static string Credit(Guid id, string person, long amountFen) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"op":"credit","id":"{{id}}","person":"{{person}}","amountFen":{{amountFen}},"period":"2024-12"}""");

    [Theory]
    [InlineData("{\"op\":\"pay\"}", "op must be transfer, accept, payment, contribution or credit, but is \"pay\".")]
    [InlineData("{\"op\":7}", "op is missing or not a text: it must be transfer, accept, payment, contribution or credit.")]
    [InlineData("{\"op\":}", "This line is not valid JSON at byte 7.")]
    [InlineData("{\"op\":\"accept\",}", "This line is not valid JSON at byte 16: a comma before a closing bracket is not taken.")]
    [InlineData("  ", "This line is empty: send a JSON object.")]
    [InlineData("[]", "This line must be a JSON object, but is a list.")]
    [InlineData("{\"op\":\"\\ud800\"}", "op has an escape that is not a character (an unpaired surrogate).")]
    public async Task Bad_line_is_answered_with_what_is_wrong_in_it(string line, string detail)
    {
        JsonNode[] lines = await SendAsync("{\"op\":\"x\"}", "", line);

        Assert.Equal((3, "malformed", detail), ((int)lines[1]["line"]!, (string?)lines[1]["code"], (string?)lines[1]["detail"]));
    }

    [Fact]
    public async Task Line_whose_op_is_not_utf_8_is_answered_so()
    {
        byte[] line = [.. "{\"op\":\"credit"u8, 0xFF, .. "\"}"u8];

        Answer answer = await app.Http.SendAsync(HttpMethod.Post, "/v1/batch", Caller.Bytes(line, "application/x-ndjson"));

        Assert.Equal("This line is not valid UTF-8: encode it as UTF-8.", (string?)Assert.Single(answer.Lines)["detail"]);
    }

    [Fact]
    public async Task Line_that_is_too_long_is_answered_with_how_to_mend_it()
    {
        JsonNode line = Assert.Single(await SendAsync(new string(' ', 65_537)));

        Assert.Equal("This line is over 65536 bytes, which no command needs: see that every line ends with a line feed.", (string?)line["detail"]);
    }

    [Fact]
    public async Task Batch_pays_and_contributes_line_by_line()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 100);
        await app.RelateAsync(daughter, father, 400);
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        string paid = RunningApp.PaymentBody(ids[0], father, 300, allowCash: true).Insert(1, "\"op\":\"payment\",");

        JsonNode[] lines = await SendAsync(
            paid,
            RunningApp.ContributionBody(ids[1], daughter, father, 40).Insert(1, "\"op\":\"contribution\","),
            RunningApp.PaymentBody(ids[2], father, 10_000).Insert(1, "\"op\":\"payment\","),
            RunningApp.PaymentBody(ids[3], father, 0).Insert(1, "\"op\":\"payment\","));

        Assert.Equal(ids, lines.Select(line => (Guid)line["id"]!));
        Assert.Equal(["paid", "paid", "422", "400"], lines.Select(line => line["status"]!.ToString()));
        Assert.Equal([(father, "personal", 100, "same-region"), (daughter, "quota", 200, "cross-province")], RunningApp.PartsOf(lines[0]));
        Assert.Equal([(daughter, "personal", 40, "cross-province")], RunningApp.PartsOf(lines[1]));
        Assert.Equal((0, "insufficient-funds", "malformed"), ((int)lines[0]["cashFen"]!, (string?)lines[2]["code"], (string?)lines[3]["code"]));
        Assert.Null(lines[0]["replay"]);
        JsonNode again = Assert.Single(await SendAsync(paid));
        Assert.Equal(("paid", true), ((string?)again["status"], (bool)again["replay"]!));
        Assert.Equal((560, 0, 0, 200), await app.PocketsAsync(daughter));
    }
}
