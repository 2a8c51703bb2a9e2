using System.Globalization;
using System.Net;
using Gongji.Api.Http;
using Gongji.Api.Tests.Support;
using Gongji.Ledger;

namespace Gongji.Api.Tests;

/// <summary>Every code that can refuse a call is given by some call, with its status.</summary>
public sealed class RefusalCodeTests(RunningApp app) : IClassFixture<RunningApp>
{
    /// <summary>The codes of the contract.</summary>
    private static readonly Dictionary<string, int> Contract = new()
    {
        ["malformed"] = 400,
        ["unsigned"] = 401,
        ["bad-signature"] = 401,
        ["expired-signature"] = 401,
        ["replayed-signature"] = 401,
        ["outside-scope"] = 403,
        ["no-such-person"] = 404,
        ["no-such-region"] = 404,
        ["no-such-transfer"] = 404,
        ["no-such-payment"] = 404,
        ["idempotency-mismatch"] = 409,
        ["wrong-state"] = 409,
        ["already-insured-elsewhere"] = 409,
        ["too-large"] = 413,
        ["insufficient-funds"] = 422,
        ["amount-over-limit"] = 422,
        ["daily-count-exceeded"] = 422,
        ["outside-hours"] = 422,
        ["kinship-not-allowed"] = 422,
        ["no-relation"] = 422,
        ["wallet-not-open"] = 422,
        ["previous-transfer-waiting"] = 422,
        ["region-not-live"] = 422,
        ["region-cap-reached"] = 422,
        ["not-insured"] = 422,
        ["same-person"] = 422,
        ["refund-over-payment"] = 422,
        ["clearing-closed"] = 422,
        ["rate-limited"] = 429,
        ["ledger-unavailable"] = 503,
        ["outcome-unknown"] = 504,
    };

    /// <summary>Codes that need a separate server, and the tests that cover them.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["unsigned"] = nameof(Signing.SignedCallTests.Call_without_signature_is_refused_by_every_endpoint_that_has_a_rule),
        ["rate-limited"] = nameof(Stream_of_events_too_many_is_told_when_to_ask_again),
        ["ledger-unavailable"] = nameof(OutageTests.Process_without_load_notices_that_its_store_is_away),
        ["outcome-unknown"] = nameof(OutageTests.Commit_that_no_standby_has_yet_is_unknown_and_asking_again_gives_the_one_answer),
    };

    private static readonly Dictionary<string, Func<RunningApp, Task<Answer>>> Producers = new()
    {
        ["malformed"] = app => app.Http.PutAsync("/v1/persons/p", "{}"),
        ["bad-signature"] = app => SendAsync(app, Signed(app) with { KeyId = "somebody-else" }),
        ["expired-signature"] = app => SendAsync(app, Signed(app) with { Expires = Signed(app).Created + 301 }),
        ["replayed-signature"] = async app =>
        {
            HandSigned signed = Signed(app);
            Assert.Equal(200, (await SendAsync(app, signed)).Status);
            return await SendAsync(app, signed);
        },
        ["outside-scope"] = async app => await app.EndAsync(await HeldAsync(app), "accept", "a-stranger"),
        ["no-such-person"] = app => app.Http.GetAsync("/v1/persons/nobody"),
        ["no-such-region"] = app => app.Http.GetAsync("/v1/regions/980000"),
        ["no-such-transfer"] = app => app.Http.GetAsync($"/v1/transfers/{Guid.CreateVersion7()}"),
        ["no-such-payment"] = app => app.Http.GetAsync($"/v1/payments/{Guid.CreateVersion7()}"),
        ["idempotency-mismatch"] = async app =>
        {
            string person = await app.NewPersonAsync();
            Guid id = Guid.CreateVersion7();
            await app.CreditAsync(person, id, 1);
            return await app.CreditAsync(person, id, 2);
        },
        ["wrong-state"] = async app =>
        {
            string payee = await app.NewPersonAsync();
            Guid id = await HeldAsync(app, payee);
            await app.EndAsync(id, "accept", payee);
            return await app.EndAsync(id, "reject", payee);
        },
        ["already-insured-elsewhere"] = async app => await app.Http.PutAsync(
            $"/v1/persons/{await app.NewPersonAsync()}", """{"region":"410100","insurance":"employee","status":"active","fromRegion":"320100"}"""),
        ["too-large"] = app => app.Http.PutAsync("/v1/persons/p", $$"""{"region":"{{new string('3', 2_000_000)}}"}"""),
        ["insufficient-funds"] = async app => await app.PayAsync(await app.NewPersonAsync(), 1),
        ["amount-over-limit"] = async app => await app.TransferAsync(await app.NewPersonAsync(creditFen: 300_000), await app.NewPersonAsync(), 200_001),
        ["daily-count-exceeded"] = async app =>
        {
            string payer = await app.NewPersonAsync(await app.NewRegionAsync(""","maxTransfersPerDay":1"""), creditFen: 100);
            await app.TransferAsync(payer, await app.NewPersonAsync(), 1);
            return await app.TransferAsync(payer, await app.NewPersonAsync(), 1);
        },
        ["outside-hours"] = async app => await app.TransferAsync(
            await app.NewPersonAsync(await app.NewRegionAsync(""","closedFrom":"08:00","closedUntil":"12:00" """), creditFen: 100), await app.NewPersonAsync(), 1),
        ["kinship-not-allowed"] = async app => await app.TransferAsync(
            await app.NewPersonAsync(await app.NewRegionAsync(""","kinships":["spouse"]"""), creditFen: 100), await app.NewPersonAsync(), 1),
        ["no-relation"] = async app => await app.PayAsync(await app.NewPersonAsync(), 1, sources: """["relatives"]"""),
        ["wallet-not-open"] = async app => await app.TransferAsync(await app.NewPersonAsync(creditFen: 100), await app.NewPersonAsync(wallet: false), 1),
        ["previous-transfer-waiting"] = async app =>
        {
            string payer = await app.NewPersonAsync(creditFen: 100);
            string payee = await app.NewPersonAsync();
            await app.TransferAsync(payer, payee, 1);
            return await app.TransferAsync(payer, payee, 1);
        },
        ["region-not-live"] = async app => await app.TransferAsync(await app.NewPersonAsync(creditFen: 100), await app.NewPersonAsync(RunningApp.Hangzhou), 1),
        ["region-cap-reached"] = async app => await app.TransferAsync(
            await app.NewPersonAsync(await app.NewRegionAsync(""","netDebitCapFen":0"""), creditFen: 100), await app.NewPersonAsync(autoAccept: true), 1),
        ["not-insured"] = async app => await app.TransferAsync(await app.NewPersonAsync(insurance: "resident"), await app.NewPersonAsync(), 1),
        ["same-person"] = async app =>
        {
            string person = await app.NewPersonAsync(creditFen: 100);
            return await app.TransferAsync(person, person, 1);
        },
        ["refund-over-payment"] = async app =>
        {
            Guid payment = Guid.CreateVersion7();
            await app.PayAsync(await app.NewPersonAsync(creditFen: 100), 100, payment);
            return await app.RefundAsync(payment, 101);
        },
        ["clearing-closed"] = async app =>
        {
            Assert.Equal(200, (await app.Http.SendAsync(HttpMethod.Post, "/v1/clearing/2024-12-01/close", null)).Status);
            return await app.Http.PostAsync(
                "/v1/clearing/2024-12-01/settlements", $$"""{"id":"{{Guid.CreateVersion7()}}","from":"320500","to":"410100","amountFen":1}""");
        },
    };

    public static TheoryData<string> Codes => [.. Producers.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Code_of_the_contract_is_given_with_its_status(string code) => Expect.Problem(await Producers[code](app), Contract[code], code);

    [Fact]
    public void Codes_of_the_contract_are_all_given_by_some_test_and_no_rule_gives_another()
    {
        Assert.Equal(Contract.Keys.Order(StringComparer.Ordinal), Producers.Keys.Concat(Elsewhere.Keys).Order(StringComparer.Ordinal));
        foreach (RefusalCode code in Enum.GetValues<RefusalCode>())
        {
            Assert.Equal(Contract[RefusalCodes.ToText(code)], ProblemCodes.StatusOf(code));
            Assert.NotEqual(ProblemCodes.TitleOf(string.Empty), ProblemCodes.TitleOf(RefusalCodes.ToText(code)));
        }
    }

    [Fact]
    public async Task Stream_of_events_too_many_is_told_when_to_ask_again()
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = app.Address };
        List<HttpResponseMessage> open = [];
        try
        {
            while (open.Count <= ApiLimits.EventReadersMax && open is [] or [.., { StatusCode: HttpStatusCode.OK }])
            {
                open.Add(await http.GetAsync("/v1/events?after=now", HttpCompletionOption.ResponseHeadersRead));
            }

            Assert.Equal(ApiLimits.EventReadersMax + 1, open.Count);
            Expect.Problem(new Answer((int)open[^1].StatusCode, open[^1].Content.Headers.ContentType?.MediaType, open[^1], await open[^1].Content.ReadAsStringAsync()), 429, "rate-limited");
            Assert.Equal(ApiLimits.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture), open[^1].Headers.RetryAfter?.ToString());
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }
    }

    private static HandSigned Signed(RunningApp app) => new(HttpMethod.Get, new Uri(app.Address, "/v1/regions/320500"), null, TestGateways.Nation.Key);

    private static async Task<Answer> SendAsync(RunningApp app, HandSigned signed)
    {
        using Caller caller = new(app.Address);
        using HttpRequestMessage request = signed.ToRequest();
        return await caller.SendAsync(request);
    }

    /// <summary>Makes a transfer that stays held.</summary>
    private static async Task<Guid> HeldAsync(RunningApp app, string? payee = null)
    {
        Guid id = Guid.CreateVersion7();
        Answer held = await app.TransferAsync(await app.NewPersonAsync(creditFen: 100), payee ?? await app.NewPersonAsync(), 1, id);
        Assert.Equal(201, held.Status);
        return id;
    }
}
