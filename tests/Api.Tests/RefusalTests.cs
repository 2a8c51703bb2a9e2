using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Each rule that refuses a transfer, with its code; the balances do not change.</summary>
public sealed class RefusalTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Amount_over_the_regions_limit_is_refused()
    {
        string payer = await app.NewPersonAsync(creditFen: 300_000);
        string payee = await app.NewPersonAsync();

        await RefusedAsync(payer, payee, 200_001, "amount-over-limit");
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 200_000)).Status);
    }

    [Theory]
    [InlineData("personal")]
    [InlineData("wallet")]
    public async Task Amount_over_what_is_there_is_refused(string source)
    {
        string payer = await app.NewPersonAsync(creditFen: source == "personal" ? 99 : 0);

        await RefusedAsync(payer, await app.NewPersonAsync(), 100, "insufficient-funds", source);
    }

    [Fact]
    public async Task Held_money_cannot_be_given_twice()
    {
        string payer = await app.NewPersonAsync(creditFen: 100);
        await app.TransferAsync(payer, await app.NewPersonAsync(), 60);

        await RefusedAsync(payer, await app.NewPersonAsync(), 60, "insufficient-funds");
    }

    [Fact]
    public async Task Fourth_transfer_of_a_day_is_refused_whatever_became_of_the_others()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        string manual = await app.NewPersonAsync();
        Guid rejected = Guid.CreateVersion7();
        await app.TransferAsync(payer, manual, 100, rejected);
        await app.EndAsync(rejected, "reject", manual);
        await app.TransferAsync(payer, payee, 100);
        await app.TransferAsync(payer, payee, 100);

        await RefusedAsync(payer, payee, 100, "daily-count-exceeded");
        Assert.Equal(3, (await app.Http.GetAsync($"/v1/persons/{payer}")).Number("transfersToday"));
    }

    [Fact]
    public async Task Second_transfer_to_one_payee_while_one_waits_is_refused()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync();
        await app.TransferAsync(payer, payee, 100);

        await RefusedAsync(payer, payee, 100, "previous-transfer-waiting");
        Assert.Equal(201, (await app.TransferAsync(payer, await app.NewPersonAsync(), 100)).Status);
    }

    [Fact]
    public async Task Transfer_in_closed_hours_is_refused()
    {
        // The fixture's clock starts at 09:00.
        string region = await app.NewRegionAsync(""","closedFrom":"08:00","closedUntil":"12:00" """);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);

        await RefusedAsync(payer, await app.NewPersonAsync(), 100, "outside-hours");
    }

    [Fact]
    public async Task Transfer_with_equal_closed_hours_is_never_closed()
    {
        string region = await app.NewRegionAsync(""","closedFrom":"09:00","closedUntil":"09:00" """);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);

        Assert.Equal(201, (await app.TransferAsync(payer, await app.NewPersonAsync(), 100)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kinship_that_one_of_the_regions_does_not_allow_is_refused(bool payersRegion)
    {
        string narrow = await app.NewRegionAsync(""","kinships":["spouse","parent","child"]""");
        string payer = await app.NewPersonAsync(payersRegion ? narrow : RunningApp.Suzhou, creditFen: 1_000);
        string payee = await app.NewPersonAsync(payersRegion ? RunningApp.Suzhou : narrow);

        await RefusedAsync(payer, payee, 100, "kinship-not-allowed", kinship: "sibling");
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100, kinship: "spouse")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wallet_that_is_not_open_on_either_side_is_refused(bool payers)
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000, wallet: !payers);
        string payee = await app.NewPersonAsync(wallet: payers);

        await RefusedAsync(payer, payee, 100, "wallet-not-open");
    }

    [Fact]
    public async Task Region_that_is_not_live_for_the_tier_is_refused()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);

        await RefusedAsync(payer, await app.NewPersonAsync(RunningApp.Hangzhou), 100, "region-not-live");
    }

    [Fact]
    public async Task Rules_put_by_an_operator_are_in_force_when_it_is_answered()
    {
        string region = await app.NewRegionAsync();
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100)).Status);

        await app.Http.PutAsync($"/v1/regions/{region}", """{"name":"closed","rules":{}}""");

        await RefusedAsync(payer, payee, 100, "region-not-live");
    }

    [Fact]
    public async Task Personal_money_of_a_resident_or_of_one_whose_insurance_stopped_is_refused()
    {
        string resident = await app.NewPersonAsync(insurance: "resident");
        string stopped = await app.NewPersonAsync(creditFen: 1_000);
        await app.Http.PutAsync($"/v1/persons/{stopped}", """{"region":"320500","insurance":"employee","status":"stopped"}""");

        await RefusedAsync(resident, await app.NewPersonAsync(), 100, "not-insured");
        await RefusedAsync(stopped, await app.NewPersonAsync(), 100, "not-insured");
    }

    [Fact]
    public async Task Payee_whose_insurance_stopped_is_refused()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync();
        await app.Http.PutAsync($"/v1/persons/{payee}", """{"region":"320500","insurance":"employee","status":"stopped"}""");

        await RefusedAsync(payer, payee, 100, "not-insured");
    }

    [Fact]
    public async Task Transfer_to_oneself_is_refused()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);

        await RefusedAsync(payer, payer, 100, "same-person");
    }

    [Fact]
    public async Task Payer_or_payee_that_nobody_knows_is_not_found()
    {
        string person = await app.NewPersonAsync(creditFen: 1_000);

        Expect.Problem(await app.TransferAsync("nobody", person, 100), 404, "no-such-person");
        Expect.Problem(await app.TransferAsync(person, "nobody", 100), 404, "no-such-person");
        Assert.Equal((1_000, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Refusals_say_what_was_asked_what_there_is_and_how_to_mend_it()
    {
        string payer = await app.NewPayerAsync(personalFen: 100, walletFen: 7);
        string payee = await app.NewPersonAsync();
        string narrow = await app.NewPersonAsync(await app.NewRegionAsync(""","kinships":["spouse"]"""));
        string notLive = await app.NewPersonAsync(RunningApp.Hangzhou);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 10, id)).Status);

        Assert.Equal("500 fen are to be transferred, but 90 fen are available in the payer's personal account.", await DetailAsync(app.TransferAsync(payer, narrow, 500, kinship: "spouse")));
        Assert.Equal("500 fen are to be transferred, but 7 fen are available in the payer's wallet.", await DetailAsync(app.TransferAsync(payer, narrow, 500, source: "wallet", kinship: "spouse")));
        Assert.Equal(
            "500 fen are to be paid, but 97 fen are available (personal account 90, wallet 7, relatives 0). Pay less, or let the rest be cash with allowCash: true.",
            await DetailAsync(app.PayAsync(payer, 500)));
        Assert.Equal("500 fen are to be paid, but 7 fen are available (wallet 7). Pay less, or let the rest be cash with allowCash: true.", await DetailAsync(app.PayAsync(payer, 500, sources: """["wallet"]""")));
        Assert.Equal("Region 330100 is not live for cross-province transfers: its operator has to put it live first.", await DetailAsync(app.TransferAsync(payer, notLive, 5)));
        Assert.Equal("Region 330100 is not live for cross-province aid: its operator has to put it live first.", await DetailAsync(app.ProposeAsync(payer, notLive)));
        Assert.Matches("^Region 98[0-9]{4} does not allow transfers to a parent[.]$", await DetailAsync(app.TransferAsync(payer, narrow, 5)));
        Assert.Equal(
            $"Id {id} already names an operation with other content. Nothing was changed: send the first content again, or use a new id.",
            await DetailAsync(app.TransferAsync(payer, payee, 11, id)));
        Assert.Equal(
            "1 transfer or payment of this person is still held; the person can move when none is, by 06:00 at the latest.",
            await DetailAsync(app.Http.PutAsync($"/v1/persons/{payer}", $$"""{"region":"{{RunningApp.Nanjing}}","insurance":"employee","status":"active"}""")));
        await app.EndAsync(id, "reject", payee);
        Assert.Equal("The transfer is rejected; it cannot be accepted any more.", await DetailAsync(app.EndAsync(id, "accept", payee)));
    }

    [Fact]
    public async Task Daily_count_that_is_reached_is_said_with_what_is_allowed()
    {
        string payer = await app.NewPersonAsync(await app.NewRegionAsync(""","maxTransfersPerDay":1"""), creditFen: 100);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 10)).Status);

        Assert.Equal("Transfers from this account today: 1; allowed a day: 1. Ask again tomorrow.", await DetailAsync(app.TransferAsync(payer, payee, 10)));
    }

    private static async Task<string?> DetailAsync(Task<Answer> refused) => (await refused).Field("detail");

    [Fact]
    public async Task Transfer_that_was_refused_is_decided_anew_when_asked_again()
    {
        string payer = await app.NewPersonAsync(creditFen: 50);
        string payee = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        Expect.Problem(await app.TransferAsync(payer, payee, 100, id), 422, "insufficient-funds");
        await app.CreditAsync(payer, Guid.CreateVersion7(), 50);

        Answer answer = await app.TransferAsync(payer, payee, 100, id);

        Assert.Equal((201, false), (answer.Status, answer.IsReplay));
    }

    private async Task RefusedAsync(string payer, string payee, long amountFen, string code, string source = "personal", string kinship = "parent")
    {
        Answer before = await app.Http.GetAsync($"/v1/persons/{payer}");
        Guid id = Guid.CreateVersion7();

        Expect.Problem(await app.TransferAsync(payer, payee, amountFen, id, source, kinship), 422, code);

        Assert.Equal(before.Text, (await app.Http.GetAsync($"/v1/persons/{payer}")).Text);
        Expect.Problem(await app.Http.GetAsync($"/v1/transfers/{id}"), 404, "no-such-transfer");
    }
}
