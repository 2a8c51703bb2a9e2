using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class CreditStreamTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Stream_of_lines_is_answered_line_by_line_in_order()
    {
        string one = await app.NewPersonAsync();
        string two = await app.NewPersonAsync();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

        Answer answer = await StreamAsync($"{Line(one, ids[0], 100)}\n{Line(two, ids[1], 200)}\r\n\n{Line(one, ids[2], 300)}");

        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.MediaType));
        JsonNode[] lines = answer.Lines;
        Assert.Equal(ids, lines.Select(line => (Guid)line["id"]!));
        Assert.Equal([1, 2, 4], lines.Select(line => (int)line["line"]!));
        Assert.All(lines, line => Assert.Equal(201, (int)line["status"]!));
        Assert.Equal((400, 0, 0), await app.BalancesAsync(one));
        Assert.Equal((200, 0, 0), await app.BalancesAsync(two));
    }

    [Fact]
    public async Task Stream_with_bad_lines_fails_those_alone()
    {
        string person = await app.NewPersonAsync();
        string resident = await app.NewPersonAsync(insurance: "resident");
        Guid id = Guid.CreateVersion7();
        string[] body =
        [
            Line(person, id, 1),
            "{",
            Line(person, Guid.CreateVersion7(), 0),
            Line(person, Guid.CreateVersion7(), 1)[..^1] + ""","extra":1}""",
            Line("nobody", Guid.CreateVersion7(), 1),
            Line(resident, Guid.CreateVersion7(), 1),
            new string('x', 70_000),
            Line(person, id, 1),
            Line(person, id, 2),
            "[]",
            Line(person, Guid.CreateVersion7(), 10),
        ];

        Answer answer = await StreamAsync(string.Join('\n', body) + "\n");

        JsonNode[] lines = answer.Lines;
        Assert.Equal([201, 400, 400, 400, 404, 422, 413, 201, 409, 400, 201], lines.Select(line => (int)line["status"]!));
        Assert.Equal(
            [null, "malformed", "malformed", "malformed", "no-such-person", "not-insured", "too-large", null, "idempotency-mismatch", "malformed", null],
            lines.Select(line => (string?)line["code"]));
        Assert.Equal([8], lines.Where(line => (bool?)line["replay"] == true).Select(line => (int)line["line"]!));
        Assert.Equal((11, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Stream_with_invalid_utf8_fails_that_line_alone()
    {
        string person = await app.NewPersonAsync();
        byte[] body = [0xC3, 0x28, (byte)'\n', .. Encoding.UTF8.GetBytes(Line(person, Guid.CreateVersion7(), 5))];

        Answer answer = await app.Http.SendAsync(HttpMethod.Post, "/v1/credits", Caller.Bytes(body, "application/x-ndjson"));

        Assert.Equal([400, 201], answer.Lines.Select(line => (int)line["status"]!));
    }

    [Fact]
    public async Task Stream_of_twenty_thousand_lines_sent_before_reading_is_taken_whole()
    {
        string[] persons = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.NewPersonAsync()));
        StringBuilder body = new();
        for (int index = 0; index < 20_000; index++)
        {
            body.Append(Line(persons[index % persons.Length], Guid.CreateVersion7(), 3)).Append('\n');
        }

        Answer answer = await StreamAsync(body.ToString());

        JsonNode[] lines = answer.Lines;
        Assert.Equal(20_000, lines.Length);
        Assert.All(lines, line => Assert.Equal(201, (int)line["status"]!));
        Assert.Equal((3_000, 0, 0), await app.BalancesAsync(persons[7]));
    }

    [Fact]
    public async Task Stream_answers_while_it_is_still_being_sent()
    {
        string person = await app.NewPersonAsync();
        await using LineUpload upload = await LineUpload.StartAsync(app.Address, "/v1/credits");

        // Each line is sent only after the previous one was answered.
        for (int line = 1; line <= 3; line++)
        {
            await upload.SendAsync(Line(person, Guid.CreateVersion7(), line) + "\n");
            string answer = await upload.NextAnswerAsync();
            Assert.Contains($"\"line\":{line},", answer, StringComparison.Ordinal);
            Assert.Contains("\"status\":201", answer, StringComparison.Ordinal);
        }

        await upload.EndAsync();
        Assert.Equal((6, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Stream_without_lines_is_answered_with_none()
    {
        Answer answer = await StreamAsync("\n\n");

        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Stream_of_another_media_type_is_refused()
    {
        Expect.Problem(await app.Http.PostAsync("/v1/credits", "{}"), 415, "malformed");
    }

    private Task<Answer> StreamAsync(string body) =>
        app.Http.SendAsync(HttpMethod.Post, "/v1/credits", Caller.Bytes(Encoding.UTF8.GetBytes(body), "application/x-ndjson"));

    private static string Line(string person, Guid id, long amountFen) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"person":"{{person}}","id":"{{id}}","amountFen":{{amountFen}},"period":"2024-12"}""");
}
