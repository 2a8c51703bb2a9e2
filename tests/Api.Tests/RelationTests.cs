using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class RelationTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Relation_is_proposed_consented_to_changed_and_dissolved()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync(RunningApp.Zhengzhou);

        Answer proposed = await app.ProposeAsync(giver, recipient, 400);
        AssertRelation(proposed, giver, recipient, "parent", "proposed", 400, 0);
        Assert.Equal((600, 0, 0, 400), await app.PocketsAsync(giver));
        AssertRelation(await app.ConsentAsync(giver, recipient), giver, recipient, "parent", "consented", 400, 0);
        Assert.Equal(201, (await app.PayAsync(recipient, 150)).Status);
        AssertRelation(await app.ProposeAsync(giver, recipient, 500), giver, recipient, "parent", "consented", 500, 150);
        Assert.Equal((500, 0, 0, 350), await app.PocketsAsync(giver));
        AssertRelation(await app.ProposeAsync(giver, recipient), giver, recipient, "parent", "consented", 500, 150);
        AssertRelation(await app.DissolveAsync(giver, recipient), giver, recipient, null, "dissolved", 0, 0);
        Assert.Equal((850, 0, 0, 0), await app.PocketsAsync(giver));
        Expect.Problem(await app.PayAsync(recipient, 1, sources: """["relatives"]"""), 422, "no-relation");
    }

    [Fact]
    public async Task Relation_calls_again_change_nothing()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        Answer proposed = await app.ProposeAsync(giver, recipient, 400);
        Assert.Equal(proposed.Text, (await app.ProposeAsync(giver, recipient, 400)).Text);
        Answer consented = await app.ConsentAsync(giver, recipient);
        Assert.Equal(consented.Text, (await app.ConsentAsync(giver, recipient)).Text);
        Answer dissolved = await app.DissolveAsync(giver, recipient);
        Assert.Equal((200, dissolved.Text), ((await app.DissolveAsync(giver, recipient)).Status, (await app.DissolveAsync(giver, recipient)).Text));
        Expect.Problem(await app.ConsentAsync(giver, recipient), 422, "no-relation");
        await app.RelateAsync(giver, recipient, 10);
        Assert.Equal((990, 0, 0, 10), await app.PocketsAsync(giver));
    }

    [Fact]
    public async Task Dissolving_what_never_was_is_refused_and_what_was_answers_the_same_again()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        string stopped = await app.NewPersonAsync();
        await app.RelateAsync(giver, stopped);
        await StopAsync(stopped);

        Expect.Problem(await app.DissolveAsync(giver, recipient), 422, "no-relation");
        Expect.Problem(await app.DissolveAsync(giver, "nobody"), 404, "no-such-person");
        Expect.Problem(await app.DissolveAsync("nobody", giver), 404, "no-such-person");
        Expect.Problem(await app.DissolveAsync(giver, giver), 422, "no-relation");
        AssertRelation(await app.DissolveAsync(giver, stopped), giver, stopped, null, "dissolved", 0, 0);
        await app.ProposeAsync(giver, recipient, 400);
        AssertRelation(await app.DissolveAsync(giver, recipient), giver, recipient, null, "dissolved", 0, 0);
        AssertRelation(await app.DissolveAsync(giver, recipient), giver, recipient, null, "dissolved", 0, 0);
        Expect.Problem(await app.DissolveAsync(recipient, giver), 422, "no-relation");
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(giver));
    }

    [Fact]
    public async Task Relations_of_a_person_are_shown_on_both_sides()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string middle = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        await app.RelateAsync(middle, recipient, 30);
        await app.ProposeAsync(giver, middle, 20, "sibling");

        Answer answer = await app.Http.GetAsync($"/v1/persons/{middle}/relations");

        JsonNode expected = JsonNode.Parse($$"""
            {"person":"{{middle}}","relations":[
              {"giver":"{{middle}}","recipient":"{{recipient}}","kinship":"parent","status":"consented","quotaFen":30,"usedFen":0,"leftFen":30},
              {"giver":"{{giver}}","recipient":"{{middle}}","kinship":"sibling","status":"proposed","quotaFen":20,"usedFen":0,"leftFen":20}]}
            """)!;
        Assert.Equal(200, answer.Status);
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
        Answer none = await app.Http.GetAsync($"/v1/persons/{await app.NewPersonAsync()}/relations");
        Assert.Empty(none.Json["relations"]!.AsArray());
        Expect.Problem(await app.Http.GetAsync("/v1/persons/nobody/relations"), 404, "no-such-person");
    }

    [Fact]
    public async Task Relations_that_a_person_gives_are_shown_in_the_order_in_which_they_were_made()
    {
        string region = await app.NewRegionAsync();
        string giver = await app.NewPersonAsync(region);
        string[] recipients = [await app.NewPersonAsync(region), await app.NewPersonAsync(region), await app.NewPersonAsync(region)];
        foreach (string recipient in recipients)
        {
            await app.RelateAsync(giver, recipient);
        }

        Assert.Equal(200, (await app.DissolveAsync(giver, recipients[0])).Status);
        Assert.Equal(200, (await app.ProposeAsync(giver, recipients[0])).Status);

        Answer shown = await app.Http.GetAsync($"/v1/persons/{giver}/relations");
        Assert.Equal([recipients[1], recipients[2], recipients[0]], shown.Json["relations"]!.AsArray().Select(relation => (string?)relation!["recipient"]));
    }

    [Fact]
    public async Task Relation_that_a_rule_forbids_is_refused_and_leaves_no_trace()
    {
        string giver = await app.NewPersonAsync(creditFen: 100);
        string resident = await app.NewPersonAsync(insurance: "resident");
        string recipient = await app.NewPersonAsync();
        string stopped = await app.NewPersonAsync();
        await StopAsync(stopped);
        string narrow = await app.NewPersonAsync(await app.NewRegionAsync(""","kinships":["spouse","parent","child"]"""));
        string notLive = await app.NewPersonAsync(RunningApp.Hangzhou);

        Expect.Problem(await app.ProposeAsync(giver, giver), 422, "same-person");
        Expect.Problem(await app.ProposeAsync(resident, recipient), 422, "not-insured");
        Expect.Problem(await app.ProposeAsync(giver, stopped), 422, "not-insured");
        Expect.Problem(await app.ProposeAsync(giver, notLive), 422, "region-not-live");
        Expect.Problem(await app.ProposeAsync(giver, narrow, kinship: "sibling"), 422, "kinship-not-allowed");
        Expect.Problem(await app.ProposeAsync(giver, recipient, 101), 422, "insufficient-funds");
        Expect.Problem(await app.ProposeAsync(giver, "nobody"), 404, "no-such-person");
        Expect.Problem(await app.ProposeAsync("nobody", recipient), 404, "no-such-person");
        Expect.Problem(await app.ConsentAsync(giver, recipient), 422, "no-relation");
        Expect.Problem(await app.DissolveAsync("nobody", recipient), 404, "no-such-person");

        Assert.Equal((100, 0, 0, 0), await app.PocketsAsync(giver));
        Assert.Empty((await app.Http.GetAsync($"/v1/persons/{giver}/relations")).Json["relations"]!.AsArray());
    }

    [Fact]
    public async Task Quota_below_what_was_used_or_another_kinship_is_refused()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        await app.RelateAsync(giver, recipient, 400);
        Assert.Equal(201, (await app.PayAsync(recipient, 150)).Status);

        Expect.Problem(await app.ProposeAsync(giver, recipient, 149), 409, "wrong-state");
        Expect.Problem(await app.ProposeAsync(giver, recipient, 400, "spouse"), 409, "wrong-state");

        AssertRelation(await app.ProposeAsync(giver, recipient, 150), giver, recipient, "parent", "consented", 150, 150);
        Assert.Equal((850, 0, 0, 0), await app.PocketsAsync(giver));
    }

    [Fact]
    public async Task Proposal_without_consent_earmarks_but_lets_nothing_be_drawn()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        await app.ProposeAsync(giver, recipient, 400);

        Expect.Problem(await app.PayAsync(recipient, 1), 422, "insufficient-funds");
        Expect.Problem(await app.PayAsync(giver, 601), 422, "insufficient-funds");
        Assert.Equal(201, (await app.PayAsync(giver, 600)).Status);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Relation_ends_and_quota_is_back_when_one_of_them_moves_or_stops(bool isGiver, bool moves)
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();
        await app.RelateAsync(giver, recipient, 400);
        string who = isGiver ? giver : recipient;

        Answer answer = moves ? await MoveAsync(who) : await StopAsync(who);

        Assert.Equal(200, answer.Status);
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(giver));
        Assert.Empty((await app.Http.GetAsync($"/v1/persons/{giver}/relations")).Json["relations"]!.AsArray());
        Assert.Empty((await app.Http.GetAsync($"/v1/persons/{recipient}/relations")).Json["relations"]!.AsArray());
        if (moves)
        {
            await app.RelateAsync(giver, recipient, 10);
            Assert.Equal((990, 0, 0, 10), await app.PocketsAsync(giver));
        }
    }

    [Fact]
    public async Task Relatives_are_drawn_on_in_the_order_that_the_person_set()
    {
        string father = await app.NewPersonAsync(RunningApp.Zhengzhou);
        string son = await app.NewPersonAsync(creditFen: 100);
        string daughter = await app.NewPersonAsync(creditFen: 100);
        string niece = await app.NewPersonAsync(creditFen: 100);
        await app.RelateAsync(son, father);
        await app.RelateAsync(daughter, father, 10);
        await app.RelateAsync(niece, father);
        AssertOrder(await app.Http.GetAsync($"/v1/persons/{father}/relatives-order"), father, son, daughter, niece);

        AssertOrder(await app.OrderAsync(father, niece, daughter), father, niece, daughter, son);

        AssertOrder(await app.OrderAsync(father, niece, daughter), father, niece, daughter, son);
        AssertOrder(await app.Http.GetAsync($"/v1/persons/{father}/relatives-order"), father, niece, daughter, son);
        Assert.Equal(
            [(daughter, "quota", 10, "cross-province"), (niece, "personal", 100, "cross-province"), (daughter, "personal", 40, "cross-province")],
            RunningApp.PartsOf((await app.PayAsync(father, 150)).Json));
        Assert.Equal([(daughter, "personal", 50, "cross-province"), (son, "personal", 20, "cross-province")], RunningApp.PartsOf((await app.ContributeAsync(father, father, 70)).Json));
        AssertOrder(await app.OrderAsync(father), father, son, daughter, niece);
        Answer entries = await app.Http.GetAsync($"/v1/persons/{father}/entries");
        Assert.Equal(2, entries.Json["entries"]!.AsArray().Count(entry => (string)entry!["kind"]! == "relatives-ordered"));
    }

    [Fact]
    public async Task Order_of_relatives_that_names_somebody_who_gives_nothing_is_refused_and_changes_nothing()
    {
        string father = await app.NewPersonAsync();
        string son = await app.NewPersonAsync();
        string daughter = await app.NewPersonAsync();
        await app.ProposeAsync(daughter, father);
        await app.RelateAsync(son, father);
        AssertOrder(await app.OrderAsync(father, son), father, son, daughter);

        Expect.Problem(await app.OrderAsync(father, daughter, "nobody"), 422, "no-relation");
        Expect.Problem(await app.OrderAsync(father, father), 422, "no-relation");
        Expect.Problem(await app.OrderAsync("nobody"), 404, "no-such-person");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/nobody/relatives-order"), 404, "no-such-person");

        AssertOrder(await app.Http.GetAsync($"/v1/persons/{father}/relatives-order"), father, son, daughter);
        await app.DissolveAsync(son, father);
        AssertOrder(await app.Http.GetAsync($"/v1/persons/{father}/relatives-order"), father, daughter);
    }

    [Fact]
    public async Task Relation_put_and_dissolved_many_times_at_once_ends_with_every_fen()
    {
        string giver = await app.NewPersonAsync(creditFen: 1_000);
        string recipient = await app.NewPersonAsync();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => (index % 3) switch
        {
            0 => app.ProposeAsync(giver, recipient, 10 * index),
            1 => app.ConsentAsync(giver, recipient),
            _ => app.DissolveAsync(giver, recipient),
        }));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 409 or 422, answer.Text));
        Assert.Equal(200, (await app.DissolveAsync(giver, recipient)).Status);
        Assert.Equal((1_000, 0, 0, 0), await app.PocketsAsync(giver));
    }

    private Task<Answer> MoveAsync(string person) =>
        app.Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{RunningApp.Nanjing}}","insurance":"employee","status":"active"}""");

    private Task<Answer> StopAsync(string person) =>
        app.Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{RunningApp.Suzhou}}","insurance":"employee","status":"stopped"}""");

    private static void AssertOrder(Answer answer, string person, params string[] order)
    {
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal(person, answer.Field("person"));
        Assert.Equal(order, answer.Json["order"]!.AsArray().Select(giver => (string)giver!));
    }

    private static void AssertRelation(Answer answer, string giver, string recipient, string? kinship, string status, long quotaFen, long usedFen)
    {
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
        JsonObject expected = new()
        {
            ["giver"] = giver,
            ["recipient"] = recipient,
            ["kinship"] = kinship,
            ["status"] = status,
            ["quotaFen"] = quotaFen,
            ["usedFen"] = usedFen,
            ["leftFen"] = quotaFen - usedFen,
        };
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
    }
}
