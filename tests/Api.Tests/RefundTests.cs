using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class RefundTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Refund_goes_back_in_reverse_order_of_use()
    {
        (string daughter, string father, Guid payment) = await PaidAsync();
        Guid id = Guid.CreateVersion7();

        Answer answer = await app.RefundAsync(payment, 630, id);

        JsonNode expected = JsonNode.Parse($$"""
            {"id":"{{id}}","payment":"{{payment}}",
             "parts":[{"account":"{{daughter}}","pocket":"personal","amountFen":200,"tier":"cross-province"},
                      {"account":"{{daughter}}","pocket":"quota","amountFen":400,"tier":"cross-province"},
                      {"account":"{{father}}","pocket":"wallet","amountFen":30,"tier":"same-region"}]}
            """)!;
        expected["at"] = answer.Field("at");
        Assert.Equal(201, answer.Status);
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
        Assert.Equal((600, 0, 0, 400), await app.PocketsAsync(daughter));
        Assert.Equal((0, 30, 0, 0), await app.PocketsAsync(father));
        JsonNode relation = Assert.Single((await app.Http.GetAsync($"/v1/persons/{daughter}/relations")).Json["relations"]!.AsArray())!;
        Assert.Equal((0, 400), ((long)relation["usedFen"]!, (long)relation["leftFen"]!));
    }

    [Fact]
    public async Task Refunds_in_parts_are_never_more_than_accounts_paid()
    {
        (string daughter, string father, Guid payment) = await PaidAsync();
        Assert.Equal(201, (await app.RefundAsync(payment, 250)).Status);
        Expect.Problem(await app.RefundAsync(payment, 501), 422, "refund-over-payment");
        Assert.Equal(201, (await app.RefundAsync(payment, 500)).Status);
        Expect.Problem(await app.RefundAsync(payment, 1), 422, "refund-over-payment");
        Assert.Equal((600, 0, 0, 400), await app.PocketsAsync(daughter));
        Assert.Equal((100, 50, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Refund_of_a_draw_on_a_dissolved_relation_goes_to_no_later_relations_quota()
    {
        (string daughter, string father, Guid payment) = await PaidAsync();
        Assert.Equal(200, (await app.DissolveAsync(daughter, father)).Status);
        await app.RelateAsync(daughter, father, 350);
        Assert.Equal(201, (await app.PayAsync(father, 350, sources: """["relatives"]""")).Status);

        // Of the 500 fen, 300 came from the quota of the earlier relation.
        Assert.Equal(201, (await app.RefundAsync(payment, 500)).Status);
        Assert.Equal((550, 0, 0, 0), await app.PocketsAsync(daughter));
        Expect.Problem(await app.PayAsync(father, 551, sources: """["relatives"]"""), 422, "insufficient-funds");
    }

    [Fact]
    public async Task Refund_of_cash_is_no_business_of_accounts()
    {
        string person = await app.NewPayerAsync(personalFen: 60);
        Guid payment = Guid.CreateVersion7();
        Assert.Equal(201, (await app.PayAsync(person, 100, payment, allowCash: true)).Status);
        Expect.Problem(await app.RefundAsync(payment, 61), 422, "refund-over-payment");
        Assert.Equal(201, (await app.RefundAsync(payment, 60)).Status);
    }

    [Fact]
    public async Task Refund_again_is_the_first_answer_and_other_content_is_a_mismatch()
    {
        (string daughter, _, Guid payment) = await PaidAsync();
        (_, _, Guid otherPayment) = await PaidAsync();
        Guid id = Guid.CreateVersion7();
        Answer first = await app.RefundAsync(payment, 100, id);

        Answer again = await app.RefundAsync(payment, 100, id);

        Assert.Equal((201, false), (first.Status, first.IsReplay));
        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Expect.Problem(await app.RefundAsync(payment, 101, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.RefundAsync(otherPayment, 100, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.RefundAsync(payment, 100, payment), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(daughter, 1, id), 409, "idempotency-mismatch");
        Assert.Equal((500, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Refunds_at_once_never_pass_the_payment()
    {
        (string daughter, string father, Guid payment) = await PaidAsync();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.RefundAsync(payment, 70)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Expect.Problem(answer, 422, "refund-over-payment"));
        Assert.Equal((600, 0, 0, 400), await app.PocketsAsync(daughter));
        Assert.Equal((50, 50, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Refund_asked_many_times_at_once_happens_once()
    {
        (string daughter, _, Guid payment) = await PaidAsync();
        Guid id = Guid.CreateVersion7();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.RefundAsync(payment, 150, id)));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Equal((550, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Refund_after_the_relation_ended_is_personal_money()
    {
        (string daughter, string father, Guid payment) = await PaidAsync();
        await app.DissolveAsync(daughter, father);

        Assert.Equal(201, (await app.RefundAsync(payment, 600)).Status);

        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Refund_to_people_who_moved_meanwhile_is_owed_to_their_new_regions()
    {
        (string daughter, string father, Guid payment) = await PaidAsync(await app.NewRegionAsync(), await app.NewRegionAsync());
        string moved = await app.NewRegionAsync();
        foreach (string person in new[] { daughter, father })
        {
            Assert.Equal(200, (await app.Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{moved}}","insurance":"employee","status":"active"}""")).Status);
        }

        long before = await app.NetOfAsync(moved);
        Assert.Equal(201, (await app.RefundAsync(payment, 750)).Status);

        Assert.Equal(750, await app.NetOfAsync(moved) - before);
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(daughter));
        Assert.Equal((100, 50, 0, 0), await app.PocketsAsync(father));
    }

    /// <summary>Makes a father's payment of 750 fen: 100 personal, 50 wallet, 400 of his daughter's quota, 200 of her personal money; she has 400 left.</summary>
    private async Task<(string Daughter, string Father, Guid Payment)> PaidAsync(string? giving = null, string? paying = null)
    {
        string daughter = await app.NewPersonAsync(giving ?? RunningApp.Suzhou, creditFen: 1_000);
        string father = await app.NewPayerAsync(paying ?? RunningApp.Zhengzhou, 100, 50);
        await app.RelateAsync(daughter, father, 400);
        Guid payment = Guid.CreateVersion7();
        Assert.Equal(201, (await app.PayAsync(father, 750, payment)).Status);
        return (daughter, father, payment);
    }
}
