using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class ContributionTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Contribution_for_a_relative_is_answered_with_its_parts()
    {
        string daughter = await app.NewPersonAsync(creditFen: 100_000);
        string father = await app.NewPersonAsync(RunningApp.Zhengzhou, insurance: "resident");
        await app.RelateAsync(daughter, father);
        Guid id = Guid.CreateVersion7();

        Answer answer = await app.ContributeAsync(daughter, father, 40_000, id);

        JsonNode expected = JsonNode.Parse($$"""
            {"id":"{{id}}","payer":"{{daughter}}","beneficiary":"{{father}}","scheme":"resident-medical","year":2025,"amountFen":40000,
             "parts":[{"account":"{{daughter}}","pocket":"personal","amountFen":40000,"tier":"cross-province"}]}
            """)!;
        expected["at"] = answer.Field("at");
        Assert.Equal((201, $"/v1/payments/{id}"), (answer.Status, answer.Response.Headers.Location?.ToString()));
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
        Assert.Equal((60_000, 0, 0, 0), await app.PocketsAsync(daughter));
        Answer shown = await app.Http.GetAsync($"/v1/payments/{id}");
        Assert.Equal((200, null, 40_000), (shown.Status, shown.Json["institution"], shown.Number("amountFen")));
    }

    [Fact]
    public async Task Contribution_of_ones_own_may_take_relatives_money()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 100);
        await app.RelateAsync(daughter, father, 250);

        Answer answer = await app.ContributeAsync(father, father, 400, scheme: "long-term-care");

        Assert.Equal([(father, "personal", 100, "same-region"), (daughter, "quota", 250, "cross-province"), (daughter, "personal", 50, "cross-province")], RunningApp.PartsOf(answer.Json));
        Assert.Equal("long-term-care", answer.Field("scheme"));
        Expect.Problem(await app.ContributeAsync(father, father, 400, scheme: "long-term-care"), 409, "wrong-state");
    }

    [Fact]
    public async Task Contribution_is_paid_once_per_person_scheme_and_year_by_whomever()
    {
        string daughter = await app.NewPersonAsync(creditFen: 10_000);
        string son = await app.NewPersonAsync(creditFen: 10_000);
        string father = await app.NewPayerAsync(personalFen: 10_000);
        await app.RelateAsync(daughter, father);
        await app.RelateAsync(son, father);

        Assert.Equal(201, (await app.ContributeAsync(daughter, father, 400)).Status);
        (long daughters, long sons) = (await VersionOfAsync(daughter), await VersionOfAsync(son));
        Expect.Problem(await app.ContributeAsync(daughter, father, 400), 409, "wrong-state");
        Expect.Problem(await app.ContributeAsync(son, father, 400), 409, "wrong-state");
        Assert.Equal((daughters, sons), (await VersionOfAsync(daughter), await VersionOfAsync(son)));
        Expect.Problem(await app.ContributeAsync(father, father, 400), 409, "wrong-state");
        Assert.Equal(201, (await app.ContributeAsync(son, father, 400, year: 2026)).Status);
        Assert.Equal(201, (await app.ContributeAsync(father, father, 400, scheme: "long-term-care")).Status);

        Assert.Equal((9_600, 0, 0, 0), await app.PocketsAsync(daughter));
        Assert.Equal((9_600, 0, 0, 0), await app.PocketsAsync(son));
        Assert.Equal((9_600, 0, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Contribution_that_is_paid_is_told_to_relatives_alone()
    {
        string father = await app.NewPayerAsync(walletFen: 100);
        string stranger = await app.NewPersonAsync(creditFen: 100);
        Assert.Equal(201, (await app.ContributeAsync(father, father, 100)).Status);

        Expect.Problem(await app.ContributeAsync(stranger, father, 100), 422, "no-relation");
        Expect.Problem(await app.ContributeAsync("nobody-knows-them", father, 100), 404, "no-such-person");
    }

    [Fact]
    public async Task Contribution_paid_by_many_at_once_is_paid_once()
    {
        string father = await app.NewPayerAsync(personalFen: 1_000);
        string[] children = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.NewPersonAsync(creditFen: 1_000)));
        foreach (string child in children)
        {
            await app.RelateAsync(child, father);
        }

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(index => app.ContributeAsync(index % 6 == 5 ? father : children[index % 6], father, 400)));

        Assert.Single(answers, answer => answer.Status == 201);

        // Money that another attempt of the same payer has set aside is not available, so insufficient-funds is allowed too.
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.True(answer.Code is "wrong-state" or "insufficient-funds", answer.Text));
        long leftFen = (await app.PocketsAsync(father)).PersonalFen;
        foreach (string child in children)
        {
            (long personalFen, _, long heldFen, _) = await app.PocketsAsync(child);
            Assert.Equal(0, heldFen);
            leftFen += personalFen;
        }

        Assert.Equal(6_000 - 400, leftFen);
    }

    [Fact]
    public async Task Contribution_that_was_refunded_whole_can_be_paid_again()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync(personalFen: 1_000);
        await app.RelateAsync(daughter, father);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await app.ContributeAsync(daughter, father, 400, id)).Status);
        Assert.Equal(201, (await app.RefundAsync(id, 150)).Status);
        Expect.Problem(await app.ContributeAsync(father, father, 400), 409, "wrong-state");

        Answer rest = await app.RefundAsync(id, 250);

        Assert.Equal([(daughter, "personal", 250, "cross-province")], RunningApp.PartsOf(rest.Json));
        Guid own = Guid.CreateVersion7();
        Assert.Equal(201, (await app.ContributeAsync(father, father, 400, own)).Status);
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(daughter));
        Assert.Equal(201, (await app.RefundAsync(own, 400)).Status);
        Assert.Equal(201, (await app.ContributeAsync(daughter, father, 400)).Status);
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(father));
    }

    [Fact]
    public async Task Contribution_again_is_the_first_answer_and_other_content_is_a_mismatch()
    {
        string daughter = await app.NewPersonAsync(creditFen: 1_000);
        string father = await app.NewPayerAsync();
        string mother = await app.NewPayerAsync();
        await app.RelateAsync(daughter, father);
        await app.RelateAsync(daughter, mother);
        Guid id = Guid.CreateVersion7();
        Answer first = await app.ContributeAsync(daughter, father, 400, id);
        await app.DissolveAsync(daughter, father);

        Answer again = await app.ContributeAsync(daughter, father, 400, id);

        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Expect.Problem(await app.ContributeAsync(daughter, father, 401, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.ContributeAsync(daughter, mother, 400, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.ContributeAsync(daughter, father, 400, id, year: 2026), 409, "idempotency-mismatch");
        Expect.Problem(await app.ContributeAsync(daughter, father, 400, id, "long-term-care"), 409, "idempotency-mismatch");
        Expect.Problem(await app.PayAsync(daughter, 400, id), 409, "idempotency-mismatch");
        Assert.Equal((600, 0, 0, 0), await app.PocketsAsync(daughter));
    }

    [Fact]
    public async Task Contribution_that_a_rule_forbids_is_refused_and_leaves_no_trace()
    {
        string region = await app.NewRegionAsync();
        string daughter = await app.NewPersonAsync(region, creditFen: 1_000);
        string father = await app.NewPayerAsync();
        Expect.Problem(await app.ContributeAsync(daughter, father, 400), 422, "no-relation");
        await app.ProposeAsync(daughter, father);
        Expect.Problem(await app.ContributeAsync(daughter, father, 400), 422, "no-relation");
        await app.ConsentAsync(daughter, father);
        Expect.Problem(await app.ContributeAsync(daughter, father, 1_001), 422, "insufficient-funds");
        Expect.Problem(await app.ContributeAsync(daughter, "nobody", 1), 404, "no-such-person");
        Expect.Problem(await app.ContributeAsync("nobody", father, 1), 404, "no-such-person");
        Expect.Problem(await app.ContributeAsync("nobody", "nobody", 1), 404, "no-such-person");
        await app.Http.PutAsync($"/v1/regions/{region}", """{"name":"x","rules":{"live":{"sameRegion":true,"inProvince":true,"crossProvince":false}}}""");
        Expect.Problem(await app.ContributeAsync(daughter, father, 400), 422, "region-not-live");
        await app.GoLiveAsync(region, ",\"netDebitCapFen\":399");
        Expect.Problem(await app.ContributeAsync(daughter, father, 400), 422, "region-cap-reached");
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(daughter));

        Assert.Equal(201, (await app.ContributeAsync(daughter, father, 399)).Status);
        Assert.Equal(-399, await app.NetOfAsync(region));
    }

    private async Task<long> VersionOfAsync(string person) => (await app.Http.GetAsync($"/v1/persons/{person}")).Number("version");
}
