using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class PersonTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Person_put_is_answered_with_every_field_and_stays()
    {
        Answer put = await app.Http.PutAsync("/v1/persons/Zhang_3-a", """{"region":"320500","insurance":"employee","status":"active"}""");
        Answer got = await app.Http.GetAsync("/v1/persons/Zhang_3-a");

        Assert.Equal((200, 200), (put.Status, got.Status));
        Assert.Equal(put.Text, got.Text);
        JsonNode expected = JsonNode.Parse("""
            {"person":"Zhang_3-a","region":"320500","insurance":"employee","status":"active",
             "wallet":{"open":false,"usePlace":null,"autoAccept":false},
             "balances":{"personalFen":0,"walletFen":0,"heldFen":0,"quotaFen":0},"transfersToday":0,"version":1}
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, got.Json), got.Text);
    }

    [Fact]
    public async Task Person_put_again_unchanged_writes_nothing()
    {
        string person = await app.NewPersonAsync(wallet: false);

        Answer again = await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"active"}""");

        Assert.Equal((200, 1), (again.Status, again.Number("version")));
    }

    [Fact]
    public async Task Person_put_with_another_region_moves_with_all_balances()
    {
        string person = await app.NewPersonAsync(creditFen: 1_234);

        Answer moved = await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"410100","insurance":"employee","status":"active"}""");

        Assert.Equal((200, "410100", 1_234), (moved.Status, moved.Field("region"), moved.Number("balances.personalFen")));
    }

    [Fact]
    public async Task Person_insured_in_a_third_region_is_not_moved_by_whoever_states_another()
    {
        string person = await app.NewPersonAsync(creditFen: 1_234);
        Answer before = await app.Http.GetAsync($"/v1/persons/{person}");

        Expect.Problem(await MoveAsync(person, RunningApp.Zhengzhou, from: RunningApp.Nanjing), 409, "already-insured-elsewhere");
        Expect.Problem(await MoveAsync(person, RunningApp.Zhengzhou, from: RunningApp.Zhengzhou), 409, "already-insured-elsewhere");
        Assert.Equal(before.Text, (await app.Http.GetAsync($"/v1/persons/{person}")).Text);
        Answer moved = await MoveAsync(person, RunningApp.Zhengzhou, from: RunningApp.Suzhou);

        Assert.Equal((200, RunningApp.Zhengzhou, 1_234), (moved.Status, moved.Field("region"), moved.Number("balances.personalFen")));
        Assert.Equal(moved.Text, (await MoveAsync(person, RunningApp.Zhengzhou, from: RunningApp.Suzhou)).Text);
    }

    [Fact]
    public async Task Person_is_registered_only_if_insured_nowhere_when_the_region_itself_is_stated()
    {
        Expect.Problem(await MoveAsync("first-timer", RunningApp.Suzhou, from: RunningApp.Nanjing), 404, "no-such-person");
        Assert.Equal(200, (await MoveAsync("first-timer", RunningApp.Suzhou, from: RunningApp.Suzhou)).Status);
        Expect.Problem(await MoveAsync("first-timer", RunningApp.Nanjing, from: RunningApp.Nanjing), 409, "already-insured-elsewhere");
        await app.Http.PutAsync("/v1/persons/first-timer", """{"region":"320500","insurance":"employee","status":"stopped"}""");

        Answer taken = await MoveAsync("first-timer", RunningApp.Nanjing, from: RunningApp.Nanjing);

        Assert.Equal((200, RunningApp.Nanjing, "active"), (taken.Status, taken.Field("region"), taken.Field("status")));
    }

    [Fact]
    public async Task Person_with_money_held_cannot_move()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        await app.TransferAsync(payer, await app.NewPersonAsync(), 100);

        Answer answer = await app.Http.PutAsync($"/v1/persons/{payer}", """{"region":"410100","insurance":"employee","status":"active"}""");

        Expect.Problem(answer, 409, "wrong-state");
    }

    [Fact]
    public async Task Wallet_opened_by_a_relative_shows_place_of_use_and_automatic_acceptance()
    {
        string person = await app.NewPersonAsync(wallet: false);
        string relative = await app.NewPersonAsync(wallet: false);

        Answer opened = await app.Http.PostAsync($"/v1/persons/{person}/wallet", $$"""{"usePlace":"410100","autoAccept":true,"openedBy":"{{relative}}"}""");
        Answer changed = await app.Http.PostAsync($"/v1/persons/{person}/wallet", """{"usePlace":"320500"}""");

        Assert.Equal((200, "true", "410100", "true"), (opened.Status, opened.Field("wallet.open"), opened.Field("wallet.usePlace"), opened.Field("wallet.autoAccept")));
        Assert.Equal((200, "true", "320500", "false"), (changed.Status, changed.Field("wallet.open"), changed.Field("wallet.usePlace"), changed.Field("wallet.autoAccept")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wallet_is_not_opened_or_changed_by_nobody_known_or_by_oneself_as_a_relative(bool isOpen)
    {
        string person = await app.NewPersonAsync(wallet: isOpen);
        string before = (await app.Http.GetAsync($"/v1/persons/{person}")).Text;

        Expect.Problem(await app.Http.PostAsync($"/v1/persons/{person}/wallet", """{"usePlace":"410100","openedBy":"nobody-known"}"""), 404, "no-such-person");
        Expect.Problem(await app.Http.PostAsync($"/v1/persons/{person}/wallet", $$"""{"usePlace":"410100","openedBy":"{{person}}"}"""), 422, "same-person");

        Assert.Equal(before, (await app.Http.GetAsync($"/v1/persons/{person}")).Text);
    }

    [Fact]
    public async Task Wallet_of_a_person_whose_insurance_stopped_is_not_opened()
    {
        string person = await app.NewPersonAsync(wallet: false);
        await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"stopped"}""");

        Expect.Problem(await app.Http.PostAsync($"/v1/persons/{person}/wallet", """{"usePlace":"320500"}"""), 422, "not-insured");
    }

    [Fact]
    public async Task Entries_come_in_order_page_by_page_and_sum_to_the_balances()
    {
        string person = await app.NewPersonAsync(wallet: false);
        foreach (long amountFen in new[] { 1, 20, 300, 4_000 })
        {
            await app.CreditAsync(person, Guid.CreateVersion7(), amountFen);
        }

        List<JsonNode> entries = [];
        string? after = "0";
        int pages = 0;
        for (; after is not null; pages++)
        {
            Answer page = await app.Http.GetAsync($"/v1/persons/{person}/entries?after={after}&limit=2");
            Assert.Equal(200, page.Status);
            entries.AddRange(page.Json["entries"]!.AsArray().Select(entry => entry!));
            after = page.Field("next");
        }

        Assert.Equal(3, pages);
        Assert.Equal([1, 2, 3, 4, 5], entries.Select(entry => (long)entry["version"]!));
        Assert.Equal(["registered", "credit", "credit", "credit", "credit"], entries.Select(entry => (string)entry["kind"]!));
        Assert.Equal(4_321, entries.Sum(entry => (long)entry["amounts"]!["personalFen"]!));
        Assert.Equal(4_321, (long)entries[^1]["balances"]!["personalFen"]!);
        Assert.Equal(5, entries.Select(entry => (Guid)entry["id"]!).Distinct().Count());
        Assert.All(entries, entry => Assert.StartsWith("2024-12-02T09:", (string)entry["at"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_after_the_last_are_empty_and_without_next()
    {
        string person = await app.NewPersonAsync(wallet: false);

        Answer answer = await app.Http.GetAsync($"/v1/persons/{person}/entries?after=1");

        Assert.Equal((200, """{"entries":[],"next":null}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=x")]
    [InlineData("after=")]
    [InlineData("after=1&after=2")]
    [InlineData("after=99999999999999999999")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=1.0")]
    public async Task Entries_with_a_bad_page_are_refused(string query)
    {
        string person = await app.NewPersonAsync(wallet: false);

        Expect.Problem(await app.Http.GetAsync($"/v1/persons/{person}/entries?{query}"), 400, "malformed");
    }

    [Fact]
    public async Task Person_that_nobody_put_is_not_found_anywhere()
    {
        Expect.Problem(await app.Http.GetAsync("/v1/persons/nobody"), 404, "no-such-person");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/nobody/entries"), 404, "no-such-person");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/nobody/entries?after=7"), 404, "no-such-person");
        Expect.Problem(await app.Http.PostAsync("/v1/persons/nobody/wallet", """{"usePlace":"320500"}"""), 404, "no-such-person");
        Expect.Problem(await app.CreditAsync("nobody", Guid.CreateVersion7(), 100), 404, "no-such-person");
    }

    [Fact]
    public async Task Region_that_nobody_knows_is_not_found_in_a_body()
    {
        string person = await app.NewPersonAsync(wallet: false);

        Expect.Problem(await app.Http.PutAsync("/v1/persons/p-x", """{"region":"999999","insurance":"employee","status":"active"}"""), 404, "no-such-region");
        Expect.Problem(await app.Http.PostAsync($"/v1/persons/{person}/wallet", """{"usePlace":"999999"}"""), 404, "no-such-region");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/p-x"), 404, "no-such-person");
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("%E5%BC%A0")]
    [InlineData("a.b")]
    [InlineData("0123456789012345678901234567890")]
    [InlineData("%3Cscript%3E")]
    public async Task Person_identifier_of_another_form_is_refused(string person)
    {
        Expect.Problem(await app.Http.GetAsync($"/v1/persons/{person}"), 400, "malformed");
        Expect.Problem(await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"active"}"""), 400, "malformed");
    }

    [Fact]
    public async Task Wallet_is_closed_when_it_is_empty_and_nothing_is_held()
    {
        string person = await app.NewPersonAsync(creditFen: 1_000, autoAccept: true);
        string other = await app.NewPersonAsync(creditFen: 1_000, autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(other, person, 100)).Status);

        Expect.Problem(await app.Http.SendAsync(HttpMethod.Delete, $"/v1/persons/{person}/wallet", null), 409, "wrong-state");
        Assert.Equal(201, (await app.PayAsync(person, 100, sources: """["wallet"]""")).Status);
        Answer closed = await app.Http.SendAsync(HttpMethod.Delete, $"/v1/persons/{person}/wallet", null);
        Answer again = await app.Http.SendAsync(HttpMethod.Delete, $"/v1/persons/{person}/wallet", null);

        Assert.Equal((200, "false", null), (closed.Status, closed.Field("wallet.open"), closed.Field("wallet.usePlace")));
        Assert.Equal((200, closed.Text), (again.Status, again.Text));
        Expect.Problem(await app.TransferAsync(other, person, 100), 422, "wallet-not-open");
        Expect.Problem(await app.Http.SendAsync(HttpMethod.Delete, "/v1/persons/nobody/wallet", null), 404, "no-such-person");
    }

    private Task<Answer> MoveAsync(string person, string region, string from) =>
        app.Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{region}}","insurance":"employee","status":"active","fromRegion":"{{from}}"}""");
}
