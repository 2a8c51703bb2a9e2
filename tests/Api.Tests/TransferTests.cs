using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class TransferTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Transfer_is_held_until_accepted_then_in_the_payees_wallet()
    {
        string payer = await app.NewPersonAsync(creditFen: 100_000);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou, insurance: "resident");
        Guid id = Guid.CreateVersion7();

        Answer created = await app.TransferAsync(payer, payee, 80_000, id);

        Assert.Equal(201, created.Status);
        Assert.Equal($"/v1/transfers/{id}", created.Response.Headers.Location?.OriginalString);
        Assert.Equal(
            (id.ToString(), "held", "cross-province", "2024-12-03T06:00:00+08:00"),
            (created.Field("id"), created.Field("status"), created.Field("tier"), created.Field("expiresAt")));
        Assert.Equal((20_000, 0, 80_000), await app.BalancesAsync(payer));
        Assert.Equal((0, 0, 0), await app.BalancesAsync(payee));

        Answer accepted = await app.EndAsync(id, "accept", payee);

        Assert.Equal((200, "settled"), (accepted.Status, accepted.Field("status")));
        Assert.Equal((20_000, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 80_000, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Transfer_is_answered_with_every_field()
    {
        string payer = await app.NewPersonAsync(creditFen: 100);
        string payee = await app.NewPersonAsync(RunningApp.Nanjing);
        Guid id = Guid.CreateVersion7();
        await app.TransferAsync(payer, payee, 100, id);

        Answer held = await app.Http.GetAsync($"/v1/transfers/{id}");
        await app.EndAsync(id, "accept", payee);
        Answer settled = await app.Http.GetAsync($"/v1/transfers/{id}");

        Assert.Equal((200, 200), (held.Status, settled.Status));
        Assert.Equal((payer, payee, "personal", 100, "in-province", "held"), (held.Field("payer"), held.Field("payee"), held.Field("source"), held.Number("amountFen"), held.Field("tier"), held.Field("status")));
        Assert.StartsWith("2024-12-02T09:", held.Field("heldAt"), StringComparison.Ordinal);
        Assert.Null(held.Field("endedAt"));
        Assert.Equal("settled", settled.Field("status"));
        Assert.StartsWith("2024-12-02T09:", settled.Field("endedAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transfer_to_a_wallet_that_accepts_automatically_settles_at_once()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Guid id = Guid.CreateVersion7();

        Answer created = await app.TransferAsync(payer, payee, 500, id);

        Assert.Equal((201, "settled", "same-region"), (created.Status, created.Field("status"), created.Field("tier")));
        Assert.Equal((0, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 500, 0), await app.BalancesAsync(payee));
        Assert.Equal("settled", (await app.Http.GetAsync($"/v1/transfers/{id}")).Field("status"));
    }

    [Fact]
    public async Task Transfer_from_a_residents_wallet_is_taken()
    {
        string giver = await app.NewPersonAsync(creditFen: 500);
        string resident = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true, insurance: "resident");
        await app.TransferAsync(giver, resident, 500);

        Answer back = await app.TransferAsync(resident, giver, 200, source: "wallet", kinship: "child");

        Assert.Equal((201, "held"), (back.Status, back.Field("status")));
        Assert.Equal((0, 300, 200), await app.BalancesAsync(resident));
    }

    [Theory]
    [InlineData("reject", "rejected")]
    [InlineData("cancel", "cancelled")]
    public async Task Transfer_that_does_not_come_about_goes_back(string verb, string status)
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync();
        string rightful = verb == "cancel" ? payer : payee;
        string wrongful = verb == "cancel" ? payee : payer;
        Guid id = Guid.CreateVersion7();
        await app.TransferAsync(payer, payee, 500, id);

        Expect.Problem(await app.EndAsync(id, verb, wrongful), 403, "outside-scope");
        Expect.Problem(await app.EndAsync(id, verb, "a-stranger"), 403, "outside-scope");
        Answer ended = await app.EndAsync(id, verb, rightful);
        Answer again = await app.EndAsync(id, verb, rightful);

        Assert.Equal((200, status), (ended.Status, ended.Field("status")));
        Assert.Equal((200, ended.Text), (again.Status, again.Text));
        Expect.Problem(await app.EndAsync(id, "accept", payee), 409, "wrong-state");
        Assert.Equal((500, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 0, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Transfer_that_settled_stays_settled_whoever_asks()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        await app.TransferAsync(payer, payee, 500, id);
        Expect.Problem(await app.EndAsync(id, "accept", payer), 403, "outside-scope");
        Answer accepted = await app.EndAsync(id, "accept", payee);

        Answer again = await app.EndAsync(id, "accept", payee);

        Assert.Equal((200, accepted.Text), (again.Status, again.Text));
        Expect.Problem(await app.EndAsync(id, "reject", payee), 409, "wrong-state");
        Expect.Problem(await app.EndAsync(id, "cancel", payer), 409, "wrong-state");
        Assert.Equal((0, 500, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Transfer_accepted_rejected_and_cancelled_at_once_ends_one_way()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        await app.TransferAsync(payer, payee, 500, id);

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(index =>
            index % 3 == 0 ? app.EndAsync(id, "accept", payee) : index % 3 == 1 ? app.EndAsync(id, "reject", payee) : app.EndAsync(id, "cancel", payer)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 200));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 409, answer.Text));
        Assert.Single(answers.Where(answer => answer.Status == 200).Select(answer => answer.Text).Distinct());
        (long personalFen, _, long heldFen) = await app.BalancesAsync(payer);
        (_, long walletFen, _) = await app.BalancesAsync(payee);
        Assert.Equal((500, 0), (personalFen + walletFen, heldFen));
    }

    [Fact]
    public async Task Transfer_with_the_same_id_and_content_is_the_first_answer_again_whatever_became_of_it()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        Answer first = await app.TransferAsync(payer, payee, 500, id);

        Answer whileHeld = await app.TransferAsync(payer, payee, 500, id);
        await app.EndAsync(id, "accept", payee);
        Answer afterwards = await app.TransferAsync(payer, payee, 500, id);

        Assert.Equal((201, false), (first.Status, first.IsReplay));
        Assert.Equal((201, true, first.Text), (whileHeld.Status, whileHeld.IsReplay, whileHeld.Text));
        Assert.Equal((201, true, first.Text), (afterwards.Status, afterwards.IsReplay, afterwards.Text));
        Assert.Equal((0, 500, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Transfer_with_the_same_id_and_other_content_changes_nothing()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync();
        string other = await app.NewPersonAsync(creditFen: 500);
        Guid id = Guid.CreateVersion7();
        await app.TransferAsync(payer, payee, 100, id);

        Expect.Problem(await app.TransferAsync(payer, payee, 101, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(payer, other, 100, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(other, payee, 100, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(payer, payee, 100, id, kinship: "spouse"), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(payer, payee, 100, id, source: "wallet"), 409, "idempotency-mismatch");
        Expect.Problem(await app.CreditAsync(payer, id, 100), 409, "idempotency-mismatch");

        Assert.Equal((400, 0, 100), await app.BalancesAsync(payer));
        Assert.Equal((500, 0, 0), await app.BalancesAsync(other));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Transfer_asked_fifty_times_at_once_happens_once(bool autoAccept)
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        string payee = await app.NewPersonAsync(autoAccept: autoAccept);
        Guid id = Guid.CreateVersion7();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.TransferAsync(payer, payee, 100, id)));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Equal(autoAccept ? (400, 0, 0) : (400, 0, 100), await app.BalancesAsync(payer));
        Assert.Equal(autoAccept ? (0, 100, 0) : (0, 0, 0), await app.BalancesAsync(payee));
    }

    [Fact]
    public async Task Transfers_by_one_payer_at_once_never_pass_the_balance_or_the_daily_count()
    {
        string region = await app.NewRegionAsync(""","maxTransfersPerDay":20""");
        string payer = await app.NewPersonAsync(region, creditFen: 1_050);
        string[] payees = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.NewPersonAsync(autoAccept: true)));

        Answer[] answers = await Task.WhenAll(payees.Select(payee => app.TransferAsync(payer, payee, 100)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Expect.Problem(answer, 422, "insufficient-funds"));
        Assert.Equal((50, 0, 0), await app.BalancesAsync(payer));
    }

    [Fact]
    public async Task Transfer_that_nobody_made_is_not_found()
    {
        Guid id = Guid.CreateVersion7();

        Expect.Problem(await app.Http.GetAsync($"/v1/transfers/{id}"), 404, "no-such-transfer");
        Expect.Problem(await app.EndAsync(id, "accept", "p-1"), 404, "no-such-transfer");
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("{0193838a-7c1e-7b3a-9f00-1234567890ab}")]
    [InlineData("0193838a7c1e7b3a9f001234567890ab")]
    public async Task Transfer_id_that_is_no_uuid_is_refused(string id)
    {
        Expect.Problem(await app.Http.GetAsync($"/v1/transfers/{Uri.EscapeDataString(id)}"), 400, "malformed");
        Expect.Problem(await app.Http.PostAsync($"/v1/transfers/{Uri.EscapeDataString(id)}/accept", """{"by":"p-1"}"""), 400, "malformed");
    }

    [Fact]
    public async Task Transfer_id_of_a_credit_is_not_a_transfer()
    {
        string person = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        await app.CreditAsync(person, id, 100);

        Expect.Problem(await app.Http.GetAsync($"/v1/transfers/{id}"), 404, "no-such-transfer");
    }
}
