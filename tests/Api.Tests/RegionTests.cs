using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class RegionTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Region_of_the_catalogue_that_nobody_set_has_default_rules_and_is_not_live()
    {
        Answer answer = await app.Http.GetAsync($"/v1/regions/{RunningApp.Hangzhou}");

        Assert.Equal(200, answer.Status);
        JsonNode expected = JsonNode.Parse("""
            {"region":"330100","name":"杭州市","province":"33",
             "rules":{"live":{"sameRegion":false,"inProvince":false,"crossProvince":false},
                      "kinships":["spouse","parent","child","sibling","grandparent","grandchild"],
                      "maxTransferFen":200000,"maxTransfersPerDay":3,"closedFrom":"22:00","closedUntil":"06:00","netDebitCapFen":null},
             "fundFen":0,"clearing":{"netFen":0,"capFen":null,"usedPercent":0,"alert":"none"}}
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, answer.Json), answer.Text);
    }

    [Fact]
    public async Task Regions_list_holds_the_catalogue_and_what_was_added_by_code()
    {
        string added = await app.NewRegionAsync();

        Answer answer = await app.Http.GetAsync("/v1/regions");

        string[] codes = [.. answer.Json.AsArray().Select(region => (string)region!["region"]!)];
        Assert.Equal(200, answer.Status);
        Assert.Contains("320500", codes);
        Assert.Contains("410100", codes);
        Assert.Contains(added, codes);
        Assert.True(codes.Length > 300);
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
    }

    [Fact]
    public async Task Region_put_with_every_rule_answers_and_keeps_them()
    {
        const string Rules = """
            {"live":{"sameRegion":true,"inProvince":false,"crossProvince":true},"kinships":["spouse","child"],"maxTransferFen":50000,
             "maxTransfersPerDay":9,"closedFrom":"23:30","closedUntil":"05:15","netDebitCapFen":1000000}
            """;

        Answer put = await app.Http.PutAsync("/v1/regions/990001", $$"""{"name":"新区","rules":{{Rules}}}""");
        Answer got = await app.Http.GetAsync("/v1/regions/990001");

        Assert.Equal(200, put.Status);
        Assert.Equal(put.Text, got.Text);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Rules), got.Json["rules"]), got.Text);
        Assert.Equal(("新区", "99"), (got.Field("name"), got.Field("province")));
    }

    [Fact]
    public async Task Region_put_again_with_less_takes_defaults_for_what_is_left_out()
    {
        await app.Http.PutAsync("/v1/regions/990002", """{"name":"a","rules":{"maxTransferFen":1,"live":{"sameRegion":true},"closedFrom":null}}""");

        Answer answer = await app.Http.PutAsync("/v1/regions/990002", """{"name":"b"}""");

        Assert.Equal((200, "b", "200000", "false", "22:00"), (answer.Status, answer.Field("name"), answer.Field("rules.maxTransferFen"), answer.Field("rules.live.sameRegion"), answer.Field("rules.closedFrom")));
    }

    [Fact]
    public async Task Region_that_owes_others_shows_position_use_of_cap_and_alert()
    {
        string region = await app.NewRegionAsync(""","netDebitCapFen":1000""");
        string payer = await app.NewPersonAsync(region, creditFen: 5_000);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 700)).Status);

        Answer answer = await app.Http.GetAsync($"/v1/regions/{region}");

        Assert.Equal((5_000, -700, 1_000, 70), (answer.Number("fundFen"), answer.Number("clearing.netFen"), answer.Number("clearing.capFen"), answer.Number("clearing.usedPercent")));
        Assert.Equal("yellow", answer.Field("clearing.alert"));
        JsonNode listed = Assert.Single((await app.Http.GetAsync("/v1/regions")).Json.AsArray(), item => (string?)item!["region"] == region)!;
        Assert.True(JsonNode.DeepEquals(answer.Json, listed), listed.ToJsonString());
    }

    [Theory]
    [InlineData("999998", 404, "no-such-region")]
    [InlineData("12345", 400, "malformed")]
    [InlineData("3205001", 400, "malformed")]
    [InlineData("32o500", 400, "malformed")]
    [InlineData("020500", 400, "malformed")]
    [InlineData("%E4%B8%80%E4%BA%8C", 400, "malformed")]
    public async Task Region_that_is_unknown_or_no_code_is_refused(string region, int status, string code) =>
        Expect.Problem(await app.Http.GetAsync($"/v1/regions/{region}"), status, code);

    [Theory]
    [InlineData("""{"rules":{}}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":"x","rules":{"maxTransferFen":0}}""", "rules.maxTransferFen")]
    [InlineData("""{"name":"x","rules":{"maxTransferFen":1.5}}""", "rules.maxTransferFen")]
    [InlineData("""{"name":"x","rules":{"maxTransfersPerDay":-1}}""", "rules.maxTransfersPerDay")]
    [InlineData("""{"name":"x","rules":{"maxTransfersPerDay":3000000000}}""", "rules.maxTransfersPerDay")]
    [InlineData("""{"name":"x","rules":{"closedFrom":"24:00"}}""", "rules.closedFrom")]
    [InlineData("""{"name":"x","rules":{"closedUntil":"6:00"}}""", "rules.closedUntil")]
    [InlineData("""{"name":"x","rules":{"netDebitCapFen":-1}}""", "rules.netDebitCapFen")]
    [InlineData("""{"name":"x","rules":{"kinships":["cousin"]}}""", "rules.kinships")]
    [InlineData("""{"name":"x","rules":{"kinships":"parent"}}""", "rules.kinships")]
    [InlineData("""{"name":"x","rules":{"kinships":[1]}}""", "rules.kinships")]
    [InlineData("""{"name":"x","rules":{"kinships":[null]}}""", "rules.kinships")]
    [InlineData("""{"name":"x","rules":{"live":{"sameRegion":"yes"}}}""", "rules.live.sameRegion")]
    [InlineData("""{"name":"x","rules":{"live":{"abroad":true}}}""", "rules.live.abroad")]
    [InlineData("""{"name":"x","rules":[]}""", "rules")]
    public async Task Region_with_a_bad_rule_is_refused_naming_the_field(string body, string field)
    {
        Answer answer = await app.Http.PutAsync("/v1/regions/990003", body);

        Expect.Problem(answer, 400, "malformed");
        Assert.Contains(field, answer.Field("detail"), StringComparison.Ordinal);
    }
}
