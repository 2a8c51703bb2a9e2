using System.Globalization;
using System.Text;
using Gongji.Api.Signing;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests.Signing;

/// <summary>Roles, and the people for whom a gateway may act.</summary>
public sealed class ScopeTests(SignedApp app) : IClassFixture<SignedApp>
{
    public static TheoryData<string> RuledEndpoints => SignedCallTests.RuledEndpoints;

    [Fact]
    public void Endpoints_all_declare_who_may_call_them()
    {
        IReadOnlyDictionary<string, CallRule?> mapped = EndpointTable.Mapped(app.Services);

        Assert.Equal(EndpointTable.ExpectedWithHead.Keys.Order(StringComparer.Ordinal), mapped.Keys.Order(StringComparer.Ordinal));
        Assert.All(mapped, endpoint => Assert.Equal(Text(EndpointTable.ExpectedWithHead[endpoint.Key]), Text(endpoint.Value)));

        static string Text(CallRule? rule) =>
            rule is null ? "none" : $"{rule.IsOpen} {rule.Roles} {string.Join(' ', rule.Persons)} {rule.Region} {rule.IsNational} {rule.IsUpload}";
    }

    [Theory]
    [MemberData(nameof(RuledEndpoints))]
    public async Task Role_that_an_endpoint_does_not_name_is_outside_scope(string endpoint)
    {
        CallRule rule = EndpointTable.Expected[endpoint];
        foreach (GatewayRoles role in new[] { GatewayRoles.Gateway, GatewayRoles.Operator, GatewayRoles.Auditor }.Where(role => !rule.Roles.HasFlag(role)))
        {
            using Caller caller = app.As(TestGateways.Of(role));
            using HttpRequestMessage request = EndpointTable.RequestTo(app.Address, endpoint);
            Expect.Problem(await caller.SendAsync(request), 403, "outside-scope");
        }
    }

    [Theory]
    [InlineData("PUT /v1/regions/{region}")]
    [InlineData("POST /v1/regions/{region}/top-ups")]
    [InlineData("POST /v1/clearing/{day}/close")]
    [InlineData("PUT /v1/clock")]
    public async Task Operator_of_a_province_acts_in_it_alone(string endpoint)
    {
        using Caller caller = app.As(TestGateways.JiangsuOperator);
        using HttpRequestMessage request = EndpointTable.RequestTo(app.Address, endpoint);

        Expect.Problem(await caller.SendAsync(request), 403, "outside-scope");
        Assert.Equal(200, (await caller.PutAsync("/v1/regions/320300", """{"name":"Xuzhou"}""")).Status);
    }

    [Fact]
    public async Task Gateway_acts_only_for_persons_of_its_provinces()
    {
        string own = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 1_000);
        string other = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 1_000);
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        (HttpMethod Method, string Path, string? Json)[] calls =
        [
            (HttpMethod.Get, "/v1/persons/{0}", null),
            (HttpMethod.Get, "/v1/persons/{0}/entries", null),
            (HttpMethod.Get, "/v1/persons/{0}/relations", null),
            (HttpMethod.Get, "/v1/persons/{0}/relatives-order", null),
            (HttpMethod.Put, "/v1/persons/{0}/relatives-order", """{"order":[]}"""),
            (HttpMethod.Post, "/v1/persons/{0}/wallet", """{"usePlace":"320500"}"""),
            (HttpMethod.Post, "/v1/persons/{0}/credits", """{"id":"{1}","amountFen":1,"period":"2024-12"}"""),
            (HttpMethod.Post, "/v1/transfers", """{"id":"{1}","payer":"{0}","payee":"{2}","source":"personal","amountFen":1,"kinship":"parent"}"""),
            (HttpMethod.Post, "/v1/payments", """{"id":"{1}","person":"{0}","institution":"H1","amountFen":1}"""),
            (HttpMethod.Post, "/v1/contributions", """{"id":"{1}","payer":"{0}","beneficiary":"{0}","scheme":"resident-medical","year":2025,"amountFen":1}"""),
            (HttpMethod.Put, "/v1/relations/{0}/{2}", """{"kinship":"parent"}"""),
        ];
        foreach ((HttpMethod method, string path, string? json) in calls)
        {
            Answer answer = await jiangsu.SendAsync(method, Fill(path, other, own), json is null ? null : Caller.Json(Fill(json, other, own)));
            Assert.True(answer.Status == 403 && answer.Code == "outside-scope", $"{method} {path}: {answer.Status} {answer.Text}");
            answer = await jiangsu.SendAsync(method, Fill(path, own, other), json is null ? null : Caller.Json(Fill(json, own, other)));
            Assert.True(answer.Status is 200 or 201, $"{method} {path}: {answer.Status} {answer.Text}");
        }

        Expect.Problem(await jiangsu.PutAsync("/v1/persons/new-1", """{"region":"410100","insurance":"employee","status":"active"}"""), 403, "outside-scope");
        Expect.Problem(await jiangsu.GetAsync("/v1/persons/nobody-known"), 404, "no-such-person");
        Expect.Problem(await jiangsu.GetAsync("/v1/persons/not~valid"), 400, "malformed");

        static string Fill(string text, string who, string whom) => text.Replace("{0}", who, StringComparison.Ordinal)
            .Replace("{1}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{2}", whom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parties_of_a_transfer_each_do_their_part_and_read_it()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        string payer = await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 100);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await jiangsu.PostAsync("/v1/transfers", RunningApp.TransferBody(id, payer, payee, 10))).Status);

        Expect.Problem(await jiangsu.PostAsync($"/v1/transfers/{id}/accept", $$"""{"by":"{{payee}}"}"""), 403, "outside-scope");
        Expect.Problem(await henan.PostAsync($"/v1/transfers/{id}/cancel", $$"""{"by":"{{payer}}"}"""), 403, "outside-scope");
        Assert.Equal(200, (await jiangsu.GetAsync($"/v1/transfers/{id}")).Status);
        Assert.Equal(200, (await henan.GetAsync($"/v1/transfers/{id}")).Status);
        Assert.Equal(200, (await henan.PostAsync($"/v1/transfers/{id}/accept", $$"""{"by":"{{payee}}"}""")).Status);

        (Guid inside, string neighbour) = (Guid.CreateVersion7(), await app.NewPersonAsync(RunningApp.Nanjing));
        Assert.Equal(201, (await jiangsu.PostAsync("/v1/transfers", RunningApp.TransferBody(inside, payer, neighbour, 10))).Status);
        Expect.Problem(await henan.GetAsync($"/v1/transfers/{inside}"), 403, "outside-scope");
        Assert.Equal(200, (await jiangsu.PostAsync($"/v1/transfers/{inside}/cancel", $$"""{"by":"{{payer}}"}""")).Status);
    }

    [Fact]
    public async Task Payment_is_refunded_by_the_payers_gateway_and_read_by_those_who_paid()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        string payer = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await henan.PostAsync("/v1/payments", RunningApp.PaymentBody(id, payer, 50))).Status);

        Expect.Problem(await jiangsu.GetAsync($"/v1/payments/{id}"), 403, "outside-scope");
        Expect.Problem(await jiangsu.PostAsync($"/v1/payments/{id}/refunds", Refund()), 403, "outside-scope");
        Expect.Problem(await jiangsu.PostAsync($"/v1/payments/{Guid.CreateVersion7()}/refunds", Refund()), 404, "no-such-payment");
        Assert.Equal(200, (await henan.GetAsync($"/v1/payments/{id}")).Status);
        Assert.Equal(201, (await henan.PostAsync($"/v1/payments/{id}/refunds", Refund())).Status);

        static string Refund() => $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":5}""";
    }

    [Fact]
    public async Task Relation_is_consented_by_the_recipients_gateway_and_ended_by_either()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller henan = app.As(TestGateways.Henan);
        (string giver, string recipient) = (await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 100), await app.NewPersonAsync(RunningApp.Zhengzhou));
        string path = $"/v1/relations/{giver}/{recipient}";

        Expect.Problem(await henan.PutAsync(path, """{"kinship":"parent"}"""), 403, "outside-scope");
        Assert.Equal(200, (await jiangsu.PutAsync(path, """{"kinship":"parent"}""")).Status);
        Expect.Problem(await jiangsu.SendAsync(HttpMethod.Post, $"{path}/consent", null), 403, "outside-scope");
        Assert.Equal(200, (await henan.SendAsync(HttpMethod.Post, $"{path}/consent", null)).Status);
        Assert.Equal(200, (await henan.SendAsync(HttpMethod.Delete, path, null)).Status);
    }

    [Fact]
    public async Task Line_outside_scope_fails_alone()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        (string own, string other) = (await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 100), await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100));
        Guid held = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(own, other, 1, held)).Status);
        string[] lines =
        [
            .. new[] { own, other }.SelectMany(person => new[]
            {
                $$"""{"op":"credit","id":"{{Guid.CreateVersion7()}}","person":"{{person}}","amountFen":1,"period":"2024-12"}""",
                $$"""{"op":"payment","id":"{{Guid.CreateVersion7()}}","person":"{{person}}","institution":"H1","amountFen":1}""",
                $$"""{"op":"contribution","id":"{{Guid.CreateVersion7()}}","payer":"{{person}}","beneficiary":"{{person}}","scheme":"long-term-care","year":2025,"amountFen":1}""",
            }),
            $$"""{"op":"accept","id":"{{held}}","by":"{{other}}"}""",
            $$"""{"op":"transfer",{{RunningApp.TransferBody(Guid.CreateVersion7(), other, own, 1)[1..]}}""",
        ];

        using ByteArrayContent content = Caller.Bytes(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "application/x-ndjson");
        Answer answer = await jiangsu.SendAsync(HttpMethod.Post, "/v1/batch", content);

        Assert.Equal(["201", "paid", "paid", "403", "403", "403", "403", "403"], answer.Lines.Select(line => line["status"]!.ToString()));
        Assert.All(answer.Lines[3..], line => Assert.Equal("outside-scope", (string)line["code"]!));
    }

    [Fact]
    public async Task National_message_for_a_person_elsewhere_is_outside_scope()
    {
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        string other = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100);
        foreach ((string number, string data) in new[]
        {
            ("2207", $$"""{"psn_no":"{{other}}","medfee_sumamt":1}"""),
            ("2208", $$"""{"psn_no":"{{other}}","setl_id":"x"}"""),
            ("2601", $$"""{"psn_no":"{{other}}","omsgid":"x","oinfno":"2207"}"""),
            ("3201", """{"stmt_begndate":"2024-12-02","stmt_enddate":"2024-12-02","fixmedins_setl_cnt":0,"acct_pay":0}"""),
        })
        {
            Answer answer = await jiangsu.PostAsync(
                $"/national/{number}", $$$"""{"infno":"{{{number}}}","msgid":"{{{Guid.NewGuid().ToString("N")[..20]}}}","fixmedins_code":"H41010000001","input":{"data":{{{data}}}}}""");
            Assert.Equal((200, "-1"), (answer.Status, answer.Field("infcode")));
            Assert.StartsWith("outside-scope", answer.Field("err_msg"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Events_are_those_of_the_gateways_provinces()
    {
        (string own, string other) = (await app.NewPersonAsync(RunningApp.Suzhou, wallet: false), await app.NewPersonAsync(RunningApp.Zhengzhou, wallet: false));
        string last = await app.NewPersonAsync(RunningApp.Nanjing, wallet: false);
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        Expect.Problem(await jiangsu.GetAsync("/v1/events?province=41"), 403, "outside-scope");
        Expect.Problem(await jiangsu.GetAsync("/v1/events?region=410100"), 403, "outside-scope");

        List<ReadEvent> events = await ReadUntilAsync(last);

        Assert.Contains(events, item => item.Person == own);
        Assert.DoesNotContain(events, item => item.Person == other);
        Assert.All(events, item => Assert.StartsWith("32", (string)item.Json["region"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clearing_and_reconciliation_show_a_gateway_what_it_has_a_part_in()
    {
        await app.TransferAsync(await app.NewPersonAsync(RunningApp.Suzhou, creditFen: 100), await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true), 7);
        string elsewhere = await app.NewRegionAsync();
        await app.TransferAsync(await app.NewPersonAsync(elsewhere, creditFen: 100), await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true), 7);
        using Caller jiangsu = app.As(TestGateways.Jiangsu);
        using Caller auditor = app.As(TestGateways.NationalAuditor);

        string[] seen = await PairsAsync(jiangsu);
        string[] all = await PairsAsync(auditor);

        Assert.Contains("320500 410100", seen);
        Assert.DoesNotContain($"{elsewhere} 410100", seen);
        Assert.Contains($"{elsewhere} 410100", all);
        Assert.All(seen, pair => Assert.Contains("32", new[] { pair[..2], pair[7..9] }));
        Assert.Equal(200, (await jiangsu.GetAsync("/v1/reconciliation/320500/2024-12-02")).Status);
        Expect.Problem(await jiangsu.GetAsync("/v1/reconciliation/410100/2024-12-02"), 403, "outside-scope");
        Assert.Equal(200, (await auditor.GetAsync("/v1/reconciliation/410100/2024-12-02")).Status);
        string settlement = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{Guid.CreateVersion7()}}","from":"{{elsewhere}}","to":"410100","amountFen":7}""");
        Expect.Problem(await jiangsu.PostAsync("/v1/clearing/2024-12-02/settlements", settlement), 403, "outside-scope");
        Expect.Problem(await jiangsu.PostAsync("/v1/clearing/statements/2024-12/signatures", """{"province":"41"}"""), 403, "outside-scope");
        Assert.Equal(200, (await auditor.GetAsync("/v1/audit")).Status);

        static async Task<string[]> PairsAsync(Caller caller) =>
            [.. (await caller.GetAsync("/v1/clearing/2024-12-02")).Json["pairs"]!.AsArray().Select(pair => $"{pair!["from"]} {pair["to"]}")];
    }

    private async Task<List<ReadEvent>> ReadUntilAsync(string person)
    {
        await using EventReader reader = await EventReader.OpenAsync(app.Address, key: TestGateways.Jiangsu.Key);
        return await reader.UntilAsync(item => item.Person == person);
    }
}
