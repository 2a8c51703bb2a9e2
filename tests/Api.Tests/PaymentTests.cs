using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class PaymentTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Relatives = """["relatives"]""";

    [Fact]
    public async Task Payment_again_with_its_defaults_given_or_left_out_is_the_first_one()
    {
        const string usual = """["personal","wallet","relatives"]""";
        string person = await app.NewPayerAsync(personalFen: 1_000);
        (Guid bare, Guid full) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Answer first = await app.PayAsync(person, 100, bare);
        Answer second = await app.PayAsync(person, 200, full, usual, allowCash: false);

        foreach ((Answer answer, Answer expected) in new[] { (await app.PayAsync(person, 100, bare, usual, allowCash: false), first), (await app.PayAsync(person, 200, full), second) })
        {
            Assert.Equal((201, true, expected.Text), (answer.Status, answer.IsReplay, answer.Text));
        }

        Expect.Problem(await app.PayAsync(person, 100, bare, """["personal","wallet"]"""), 409, "idempotency-mismatch");
        Assert.Equal((700, 0, 0, 0), await app.PocketsAsync(person));
    }

    [Fact]
    public async Task Payment_from_own_money_is_answered_with_its_parts()
    {
        string person = await app.NewPayerAsync(personalFen: 500, walletFen: 300);
        Guid id = Guid.CreateVersion7();

        Answer answer = await app.PayAsync(person, 700, id);

        Assert.Equal((201, "application/json", $"/v1/payments/{id}", false), (answer.Status, answer.MediaType, answer.Response.Headers.Location?.ToString(), answer.IsReplay));
        JsonNode expected = JsonNode.Parse($$"""
            {"id":"{{id}}","person":"{{person}}","institution":"{{RunningApp.Hospital}}","amountFen":700,
             "parts":[{"account":"{{person}}","pocket":"personal","amountFen":500,"tier":"same-region"},
                      {"account":"{{person}}","pocket":"wallet","amountFen":200,"tier":"same-region"}],
             "cashFen":0,"at":"2024-12-02T09:00:00+08:00"}
            """)!;
        expected["at"] = answer.Field("at");
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
        Assert.StartsWith("2024-12-02T09:", answer.Field("at"), StringComparison.Ordinal);
        Assert.Equal((0, 100, 0, 0), await app.PocketsAsync(person));
        Answer shown = await app.Http.GetAsync($"/v1/payments/{id}");
        Assert.Equal((200, answer.Text), (shown.Status, shown.Text));
    }

    [Fact]
    public async Task Payment_from_two_sources_takes_the_relatives_quota_and_shows_the_tier()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 100);
        await app.RelateAsync(daughter, father, 400);
        Guid id = Guid.CreateVersion7();

        Answer answer = await app.PayAsync(father, 350, id);

        Assert.Equal(201, answer.Status);
        Assert.Equal([(father, "personal", 100, "same-region"), (daughter, "quota", 250, "cross-province")], RunningApp.PartsOf(answer.Json));
        Assert.Equal((600, 0, 0, 150), await app.PocketsAsync(daughter));
        Assert.Equal((0, 0, 0, 0), await app.PocketsAsync(father));
        Assert.Equal(answer.Text, (await app.Http.GetAsync($"/v1/payments/{id}")).Text);
    }

    [Fact]
    public async Task Payment_from_many_sources_draws_in_order_over_provinces()
    {
        string first = await app.NewPersonAsync(creditFen: 1_000);
        string second = await app.NewPersonAsync(await app.NewRegionAsync(), creditFen: 500);
        string neighbour = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 300);
        string father = await app.NewPayerAsync(personalFen: 100, walletFen: 50);
        await app.RelateAsync(first, father);
        await app.RelateAsync(second, father, 200);
        await app.RelateAsync(neighbour, father, 30);

        Answer answer = await app.PayAsync(father, 100 + 50 + 200 + 30 + 1_000 + 20);

        Assert.Equal(
            [
                (father, "personal", 100, "same-region"), (father, "wallet", 50, "same-region"), (second, "quota", 200, "cross-province"),
                (neighbour, "quota", 30, "same-region"), (first, "personal", 1_000, "cross-province"), (second, "personal", 20, "cross-province"),
            ],
            RunningApp.PartsOf(answer.Json));
        Assert.Equal((0, 0, 0, 0), await app.PocketsAsync(first));
        Assert.Equal((280, 0, 0, 0), await app.PocketsAsync(second));
        Assert.Equal((270, 0, 0, 0), await app.PocketsAsync(neighbour));
        Assert.Equal((0, 0, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Payment_takes_its_sources_in_the_order_asked_for_and_leaves_the_rest_to_cash()
    {
        string daughter = await app.NewPersonAsync(creditFen: 80);
        string father = await app.NewPayerAsync(personalFen: 100, walletFen: 50);
        await app.RelateAsync(daughter, father);

        Answer answer = await app.PayAsync(father, 200, sources: """["relatives","wallet"]""", allowCash: true, institution: "P1");

        Assert.Equal([(daughter, "personal", 80, "cross-province"), (father, "wallet", 50, "same-region")], RunningApp.PartsOf(answer.Json));
        Assert.Equal((200, 70), (answer.Number("amountFen"), answer.Number("cashFen")));
        Assert.Equal((100, 0, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Payment_moves_the_positions_of_its_regions()
    {
        string paying = await app.NewRegionAsync();
        string giving = await app.NewRegionAsync();
        string daughter = await app.NewPersonAsync(giving, creditFen: 1_000);
        string father = await app.NewPayerAsync(paying, 100);
        await app.RelateAsync(daughter, father);
        Guid id = Guid.CreateVersion7();

        Assert.Equal(201, (await app.PayAsync(father, 700, id)).Status);
        Assert.Equal((600, -600), (await app.NetOfAsync(paying), await app.NetOfAsync(giving)));
        Assert.Equal((-600, 1_000), (await app.FundOfAsync(paying), await app.FundOfAsync(giving)));

        Assert.Equal(201, (await app.RefundAsync(id, 650)).Status);
        Assert.Equal((0, 0), (await app.NetOfAsync(paying), await app.NetOfAsync(giving)));
        Assert.Equal((50, 1_000), (await app.FundOfAsync(paying), await app.FundOfAsync(giving)));
    }

    [Fact]
    public async Task Payment_again_is_the_first_answer_whatever_happened_since()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync();
        await app.RelateAsync(daughter, father);
        Guid id = Guid.CreateVersion7();
        Answer first = await app.PayAsync(father, 700, id);
        await app.DissolveAsync(daughter, father);

        Answer again = await app.PayAsync(father, 700, id);

        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Assert.Equal((300, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Payment_with_the_same_id_and_other_content_changes_nothing()
    {
        string person = await app.NewPayerAsync(personalFen: 1_000);
        string other = await app.NewPayerAsync(personalFen: 1_000);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await app.PayAsync(person, 100, id)).Status);

        Expect.Problem(await app.PayAsync(person, 101, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(other, 100, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(person, 100, id, institution: "P41010000001"), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(person, 100, id, allowCash: true), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(person, 100, id, sources: """["personal"]"""), 409, "idempotency-mismatch");
        Expect.Problem(await app.CreditAsync(person, id, 100), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(person, other, 100, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.RefundAsync(id, 10, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.ContributeAsync(person, person, 100, id), 409, "idempotency-mismatch");

        Assert.Equal((900, 0, 0, 0), await app.PocketsAsync(person));
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(other));
    }

    [Fact]
    public async Task Payment_that_is_not_covered_is_refused_and_decided_anew_when_asked_again()
    {
        string daughter = await app.NewPersonAsync(creditFen: 50);
        string father = await app.NewPayerAsync(personalFen: 40);
        await app.RelateAsync(daughter, father, 10);
        Guid id = Guid.CreateVersion7();
        Expect.Problem(await app.PayAsync(father, 91, id), 422, "insufficient-funds");
        Expect.Problem(await app.Http.GetAsync($"/v1/payments/{id}"), 404, "no-such-payment");
        Assert.Equal(((50 - 10, 0, 0, 10), (40, 0, 0, 0)), (await app.PocketsAsync(daughter), await app.PocketsAsync(father)));
        await app.CreditAsync(father, Guid.CreateVersion7(), 1);

        Answer answer = await app.PayAsync(father, 91, id);

        Assert.Equal((201, false), (answer.Status, answer.IsReplay));
        Assert.Equal(((0, 0, 0, 0), (0, 0, 0, 0)), (await app.PocketsAsync(daughter), await app.PocketsAsync(father)));
    }

    [Fact]
    public async Task Payment_of_an_unknown_person_or_one_that_is_not_there_is_404()
    {
        Expect.Problem(await app.PayAsync("nobody", 1), 404, "no-such-person");
        Expect.Problem(await app.Http.GetAsync($"/v1/payments/{Guid.CreateVersion7()}"), 404, "no-such-payment");
        Expect.Problem(await app.RefundAsync(Guid.CreateVersion7(), 1), 404, "no-such-payment");
        Guid credit = Guid.CreateVersion7();
        await app.CreditAsync(await app.NewPersonAsync(), credit, 5);
        Expect.Problem(await app.Http.GetAsync($"/v1/payments/{credit}"), 404, "no-such-payment");
        Expect.Problem(await app.RefundAsync(credit, 1), 404, "no-such-payment");
    }

    [Fact]
    public async Task Draw_needs_a_relation_and_both_regions_live()
    {
        string region = await app.NewRegionAsync();
        string daughter = await app.NewPersonAsync(region, creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 10);
        Expect.Problem(await app.PayAsync(father, 5, sources: Relatives), 422, "no-relation");
        await app.RelateAsync(daughter, father, 500);
        await app.Http.PutAsync($"/v1/regions/{region}", """{"name":"x","rules":{"live":{"sameRegion":true,"inProvince":true,"crossProvince":false}}}""");

        Expect.Problem(await app.PayAsync(father, 11), 422, "region-not-live");
        Assert.Equal(201, (await app.PayAsync(father, 10)).Status);
        Assert.Equal((500, 0, 0, 500), await app.PocketsAsync(daughter));

        await app.GoLiveAsync(region);
        Assert.Equal(201, (await app.PayAsync(father, 11)).Status);
    }

    [Fact]
    public async Task Draws_reach_a_cap_to_the_fen_and_a_refused_one_leaves_no_trace()
    {
        string region = await app.NewRegionAsync(",\"netDebitCapFen\":300");
        string daughter = await app.NewPersonAsync(region, creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 50);
        await app.RelateAsync(daughter, father, 400);
        Guid id = Guid.CreateVersion7();

        Expect.Problem(await app.PayAsync(father, 351, id), 422, "region-cap-reached");
        Assert.Equal(((600, 0, 0, 400), (50, 0, 0, 0)), (await app.PocketsAsync(daughter), await app.PocketsAsync(father)));
        Expect.Problem(await app.Http.GetAsync($"/v1/payments/{id}"), 404, "no-such-payment");
        Assert.Equal(201, (await app.PayAsync(father, 350, id)).Status);
        Expect.Problem(await app.PayAsync(father, 1), 422, "region-cap-reached");
        Assert.Equal(-300, await app.NetOfAsync(region));

        Assert.Equal([(daughter, "quota", 100, "cross-province")], RunningApp.PartsOf((await app.RefundAsync(id, 100)).Json));
        Assert.Equal((600, 0, 0, 200), await app.PocketsAsync(daughter));
        Assert.Equal([(daughter, "quota", 100, "cross-province")], RunningApp.PartsOf((await app.PayAsync(father, 100)).Json));
        Assert.Equal((-300, (600L, 0L, 0L, 100L)), (await app.NetOfAsync(region), await app.PocketsAsync(daughter)));
    }

    [Fact]
    public async Task Fifty_payments_at_once_draw_one_relative_dry_and_not_below()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string[] relatives = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.NewPayerAsync()));
        foreach (string relative in relatives)
        {
            await app.RelateAsync(daughter, relative, relative == relatives[0] ? 90 : null);
        }

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => app.PayAsync(relatives[index % 10], 30)));

        Assert.All(answers.Where(answer => answer.Status != 201), answer => Expect.Problem(answer, 422, "insufficient-funds"));
        (long personalFen, _, long heldFen, long quotaFen) = await app.PocketsAsync(daughter);
        int paid = answers.Count(answer => answer.Status == 201);
        Assert.Equal((1_000 - 30 * paid, 0), (personalFen + quotaFen, heldFen));
        Assert.InRange(paid, 30, 33);

        // A payer who asks again when everything is quiet gets what is left, to the fen.
        for (; personalFen >= 30; personalFen -= 30)
        {
            Assert.Equal(201, (await app.PayAsync(relatives[1], 30)).Status);
        }

        Expect.Problem(await app.PayAsync(relatives[1], 30), 422, "insufficient-funds");
    }

    [Fact]
    public async Task Payment_asked_many_times_at_once_happens_once()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 10);
        await app.RelateAsync(daughter, father, 100);
        Guid id = Guid.CreateVersion7();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.PayAsync(father, 310, id)));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Equal((700, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Payments_and_dissolutions_at_once_lose_no_fen()
    {
        string daughter = await app.NewPersonAsync(creditFen: 100_000);
        string father = await app.NewPayerAsync();
        int paid = 0;
        for (int round = 0; round < 10; round++)
        {
            await app.RelateAsync(daughter, father, 500);
            Task<Answer>[] payments = [.. Enumerable.Range(0, 8).Select(_ => app.PayAsync(father, 100))];
            Task<Answer> dissolved = app.DissolveAsync(daughter, father);
            foreach (Answer answer in await Task.WhenAll(payments))
            {
                Assert.True(answer.Status == 201 || answer.Code is "insufficient-funds" or "no-relation", answer.Text);
                paid += answer.Status == 201 ? 1 : 0;
            }

            Assert.Equal(200, (await dissolved).Status);
            Assert.Equal((100_000 - 100 * paid, 0, 0, 0), await app.PocketsAsync(daughter));
        }

        Assert.Equal((0, 0, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Payments_of_two_people_who_draw_on_each_other_at_once_all_end()
    {
        string one = await app.NewPayerAsync(personalFen: 5_000);
        string other = await app.NewPayerAsync(RunningApp.Suzhou, personalFen: 5_000);
        await app.RelateAsync(one, other, 2_000);
        await app.RelateAsync(other, one, 2_000);

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => app.PayAsync(index % 2 == 0 ? one : other, 100, sources: """["relatives","personal"]""")));

        Assert.All(answers, answer => Assert.True(answer.Status == 201 || answer.Code == "insufficient-funds", answer.Text));
        (long a, _, long heldA, long quotaA) = await app.PocketsAsync(one);
        (long b, _, long heldB, long quotaB) = await app.PocketsAsync(other);
        Assert.Equal((10_000 - 100 * answers.Count(answer => answer.Status == 201), 0, 0), (a + b + quotaA + quotaB, heldA, heldB));
    }
}
