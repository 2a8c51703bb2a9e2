using System.Text;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests.Signing;

/// <summary>After a person has moved to another province, the gateway that served them before gets the earlier answers again, but decides nothing new for them.</summary>
public sealed class MovedPersonTests(SignedApp app) : IClassFixture<SignedApp>
{
    [Fact]
    public async Task Answers_are_given_again_and_nothing_is_decided_anew()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        string person = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 1_000);
        string payee = await app.NewPersonAsync(RunningApp.Nanjing, autoAccept: true);
        string slow = await app.NewPersonAsync(RunningApp.Nanjing);
        string cancelled = RunningApp.TransferBody(Guid.CreateVersion7(), person, slow, 5);
        string cancellation = $"/v1/transfers/{IdOf(cancelled)}/cancel";
        string by = $$"""{"by":"{{person}}"}""";
        Guid paid = Guid.CreateVersion7();
        (string Path, string Json, int Status)[] served =
        [
            ("/v1/transfers", Transfer(Guid.CreateVersion7(), 10), 201),
            ("/v1/transfers", cancelled, 201),
            (cancellation, by, 200),
            ("/v1/payments", RunningApp.PaymentBody(paid, person, 20), 201),
            ($"/v1/payments/{paid}/refunds", Refund(Guid.CreateVersion7()), 201),
            ("/v1/contributions", Contribution(Guid.CreateVersion7()), 201),
            ($"/v1/persons/{person}/credits", Credit(Guid.CreateVersion7()), 201),
        ];
        List<Answer> first = [];
        foreach ((string path, string json, int status) in served)
        {
            Answer answer = await jiangsu.PostAsync(path, json);
            Assert.True(answer.Status == status, $"{path}: {answer.Status} {answer.Text}");
            first.Add(answer);
        }

        string message = Message(person, "settled-before");
        Assert.Equal("0", (await jiangsu.PostAsync("/national/2207", message)).Field("infcode"));
        Assert.Equal(200, (await henan.PutAsync($"/v1/persons/{person}", """{"region":"410100","insurance":"employee","status":"active"}""")).Status);

        foreach (((string path, string json, int status), Answer before) in served.Zip(first))
        {
            Answer again = await jiangsu.PostAsync(path, json);
            Assert.True((again.Status, again.IsReplay, again.Text) == (status, true, before.Text), $"{path}: {again.Status} {again.Text}");
        }

        Assert.Equal("0", (await jiangsu.PostAsync("/national/2207", message)).Field("infcode"));
        await AssertReadByAsync(jiangsu, henan, $"/v1/payments/{paid}");
        Expect.Problem(await jiangsu.PostAsync("/v1/transfers", cancelled.Replace("\"amountFen\":5", "\"amountFen\":6", StringComparison.Ordinal)), 409, "idempotency-mismatch");
        foreach ((string path, string json) in new[]
        {
            ("/v1/transfers", Transfer(Guid.CreateVersion7(), 10)),
            ("/v1/payments", RunningApp.PaymentBody(Guid.CreateVersion7(), person, 20)),
            ($"/v1/payments/{paid}/refunds", Refund(Guid.CreateVersion7())),
            ("/v1/contributions", Contribution(Guid.CreateVersion7())),
            ($"/v1/persons/{person}/credits", Credit(Guid.CreateVersion7())),
        })
        {
            Expect.Problem(await jiangsu.PostAsync(path, json), 403, "outside-scope");
        }

        Assert.StartsWith("outside-scope", (await jiangsu.PostAsync("/national/2207", Message(person, "settled-after"))).Field("err_msg"), StringComparison.Ordinal);

        string Transfer(Guid id, long fen) => RunningApp.TransferBody(id, person, payee, fen);
        string Contribution(Guid id) => $$"""{"id":"{{id}}","payer":"{{person}}","beneficiary":"{{person}}","scheme":"long-term-care","year":2025,"amountFen":1}""";
        static string Refund(Guid id) => $$"""{"id":"{{id}}","amountFen":3}""";
        static string Credit(Guid id) => $$"""{"id":"{{id}}","amountFen":7,"period":"2024-11"}""";
    }

    [Fact]
    public async Task Transfers_and_payments_of_all_parties_are_read_by_the_provinces_of_that_time_and_of_now()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        using Caller hunan = app.As(TestGateways.Hunan);
        string payer = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 1_000);
        string payee = await app.NewPersonAsync(RunningApp.Nanjing, autoAccept: true);
        string relative = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 1_000);
        await app.RelateAsync(relative, payer);
        (Guid sent, Guid paid) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 1, sent)).Status);
        Assert.Equal(201, (await app.PayAsync(payer, 1_500, paid)).Status);

        foreach (string person in new[] { payer, payee, relative })
        {
            Assert.Equal(200, (await henan.PutAsync($"/v1/persons/{person}", """{"region":"410100","insurance":"employee","status":"active"}""")).Status);
        }

        foreach (string path in new[] { $"/v1/transfers/{sent}", $"/v1/payments/{paid}" })
        {
            await AssertReadByAsync(jiangsu, henan, path);
            Expect.Problem(await hunan.GetAsync(path), 403, "outside-scope");
        }

        Expect.Problem(await jiangsu.GetAsync($"/v1/transfers/{paid}"), 404, "no-such-transfer");
    }

    [Fact]
    public async Task Lines_of_uploads_are_given_again()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        string person = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 1_000, autoAccept: false);
        string payer = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100);
        Guid accepted = Guid.CreateVersion7();
        Guid held = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(payer, person, 1, accepted)).Status);
        Assert.Equal(201, (await app.TransferAsync(await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100), person, 1, held)).Status);
        string[] lines =
        [
            $$"""{"op":"transfer",{{RunningApp.TransferBody(Guid.CreateVersion7(), person, await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true), 1)[1..]}}""",
            $$"""{"op":"payment","id":"{{Guid.CreateVersion7()}}","person":"{{person}}","institution":"H1","amountFen":1}""",
            $$"""{"op":"credit","id":"{{Guid.CreateVersion7()}}","person":"{{person}}","amountFen":1,"period":"2024-11"}""",
            $$"""{"op":"accept","id":"{{accepted}}","by":"{{person}}"}""",
        ];
        Answer first = await UploadAsync(lines);
        Assert.Equal(["settled", "paid", "201", "settled"], first.Lines.Select(line => line["status"]!.ToString()));
        Assert.Equal(200, (await henan.PutAsync($"/v1/persons/{person}", """{"region":"410100","insurance":"employee","status":"active"}""")).Status);

        Answer again = await UploadAsync([.. lines, $$"""{"op":"accept","id":"{{held}}","by":"{{person}}"}"""]);

        Assert.Equal(["settled", "paid", "201", "settled", "403"], again.Lines.Select(line => line["status"]!.ToString()));
        Assert.All(again.Lines[..4], line => Assert.True((bool)line["replay"]!));

        async Task<Answer> UploadAsync(string[] upload)
        {
            using ByteArrayContent content = Caller.Bytes(Encoding.UTF8.GetBytes(string.Join('\n', upload)), "application/x-ndjson");
            return await jiangsu.SendAsync(HttpMethod.Post, "/v1/batch", content);
        }
    }

    private static async Task AssertReadByAsync(Caller before, Caller now, string path)
    {
        Answer answer = await now.GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        Answer again = await before.GetAsync(path);
        Assert.Equal((200, answer.Text), (again.Status, again.Text));
    }

    private static string IdOf(string transfer) => transfer.Split('"')[3];

    private static string Message(string person, string id) =>
        $$"""{"infno":"2207","msgid":"{{id}}","fixmedins_code":"H32050000001","input":{"data":{"psn_no":"{{person}}","medfee_sumamt":1} } }""";
}
