using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class RegionCapTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Open = ""","maxTransfersPerDay":1000,"closedFrom":"00:00","closedUntil":"00:00" """;

    [Fact]
    public async Task Cap_is_reached_to_the_fen_and_a_refused_transfer_leaves_no_trace()
    {
        string region = await CappedAsync(1_000);
        string payer = await app.NewPersonAsync(region, creditFen: 5_000);
        string payee = await app.NewPersonAsync(autoAccept: true);

        Assert.Equal(201, (await app.TransferAsync(payer, payee, 600)).Status);
        Answer refused = await app.TransferAsync(payer, payee, 401);
        Expect.Problem(refused, 422, "region-cap-reached");
        Assert.Equal(
            $"The prepayment of region {region} does not cover at present what this takes from it: top it up, settle what it owes, or ask again later.", refused.Field("detail"));
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 400)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");

        Assert.Equal((4_000, 0, 0), await app.BalancesAsync(payer));
        Assert.Equal((0, 1_000, 0), await app.BalancesAsync(payee));
        Answer shown = await app.Http.GetAsync($"/v1/regions/{region}");
        Assert.Equal((-1_000, 1_000), (shown.Number("clearing.netFen"), shown.Number("clearing.capFen")));
        Assert.Equal("red", shown.Field("clearing.alert"));
    }

    [Fact]
    public async Task Cap_of_nothing_lets_money_move_inside_the_region_only()
    {
        string region = await CappedAsync(0);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);
        string neighbour = await app.NewPersonAsync(region, autoAccept: true);
        string elsewhere = await app.NewPersonAsync(autoAccept: true);

        Assert.Equal(201, (await app.TransferAsync(payer, neighbour, 500)).Status);
        Expect.Problem(await app.TransferAsync(payer, elsewhere, 1), 422, "region-cap-reached");

        // Other operations than transfers are refused too, so the text must not mention transfers.
        Answer move = await app.Http.PutAsync($"/v1/persons/{payer}", $$"""{"region":"{{RunningApp.Suzhou}}","insurance":"employee","status":"active"}""");
        Expect.Problem(move, 422, "region-cap-reached");
        Assert.DoesNotContain("transfer", move.Field("detail"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Cap_under_many_transfers_at_once_is_used_up_and_not_passed()
    {
        string region = await CappedAsync(1_000);
        string[] payers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.NewPersonAsync(region, creditFen: 10_000)));
        string[] payees = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.NewPersonAsync(autoAccept: true)));

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => app.TransferAsync(payers[index % 8], payees[index * 3 % 8], 100)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201 && answer.Field("status") == "settled"));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Expect.Problem(answer, 422, "region-cap-reached"));
        Assert.Equal(50, answers.Count(answer => answer.Status == 422));
        Assert.Equal(-1_000, (await app.Http.GetAsync($"/v1/regions/{region}")).Number("clearing.netFen"));
    }

    [Fact]
    public async Task Cap_makes_room_when_money_comes_in_or_the_cap_is_raised()
    {
        string region = await CappedAsync(100);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000, autoAccept: true);
        string payee = await app.NewPersonAsync(creditFen: 1_000, autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 50), 422, "region-cap-reached");

        Assert.Equal(201, (await app.TransferAsync(payee, payer, 50)).Status);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 50)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");
        await app.GoLiveAsync(region, Open + ",\"netDebitCapFen\":150");
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 50)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");
        await app.GoLiveAsync(region, Open);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 500)).Status);
        await app.GoLiveAsync(region, Open + ",\"netDebitCapFen\":200");
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");
    }

    [Fact]
    public async Task Cap_is_asked_again_when_a_waiting_transfer_is_accepted()
    {
        string region = await CappedAsync(100);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);
        string first = await app.NewPersonAsync();
        string second = await app.NewPersonAsync();
        (Guid a, Guid b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Expect.Problem(await app.TransferAsync(payer, first, 101), 422, "region-cap-reached");
        Assert.Equal(201, (await app.TransferAsync(payer, first, 80, a)).Status);
        Assert.Equal(201, (await app.TransferAsync(payer, second, 80, b)).Status);

        Assert.Equal(200, (await app.EndAsync(a, "accept", first)).Status);
        Expect.Problem(await app.EndAsync(b, "accept", second), 422, "region-cap-reached");

        Assert.Equal("held", (await app.Http.GetAsync($"/v1/transfers/{b}")).Field("status"));
        Assert.Equal(200, (await app.EndAsync(b, "cancel", payer)).Status);
        Assert.Equal((920, 0, 0), await app.BalancesAsync(payer));
    }

    [Fact]
    public async Task Cap_holds_for_a_person_who_moves_with_their_money()
    {
        string region = await CappedAsync(100);
        string rich = await app.NewPersonAsync(region, creditFen: 101);
        string modest = await app.NewPersonAsync(region, creditFen: 100);

        Expect.Problem(await MoveAsync(rich), 422, "region-cap-reached");
        Assert.Equal(200, (await MoveAsync(modest)).Status);
        Assert.Equal(-100, (await app.Http.GetAsync($"/v1/regions/{region}")).Number("clearing.netFen"));
    }

    [Fact]
    public async Task Cap_repeated_transfer_gets_its_first_answer_though_the_cap_is_reached()
    {
        string region = await CappedAsync(100);
        string payer = await app.NewPersonAsync(region, creditFen: 1_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100, id)).Status);

        Answer again = await app.TransferAsync(payer, payee, 100, id);

        Assert.Equal((201, true), (again.Status, again.IsReplay));
    }

    private Task<string> CappedAsync(long capFen) => app.NewRegionAsync($"{Open},\"netDebitCapFen\":{capFen}");

    private Task<Answer> MoveAsync(string person) =>
        app.Http.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{RunningApp.Suzhou}}","insurance":"employee","status":"active"}""");
}
