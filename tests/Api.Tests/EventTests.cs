using System.Text;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class EventTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Events_say_what_the_entries_say()
    {
        string payer = await app.NewPersonAsync(creditFen: 10_000);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        await using EventReader reader = await EventReader.OpenAsync(app.Address, "?after=now");
        Guid transfer = Guid.CreateVersion7();
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 500, transfer)).Status);

        List<ReadEvent> events = await reader.UntilAsync(item => (string?)item.Json["kind"] == "post" && (Guid)item.Json["id"]! == transfer);

        Assert.Equal("text/event-stream", reader.MediaType);
        ReadEvent[] own = [.. events.Where(item => (Guid)item.Json["id"]! == transfer)];
        Assert.Equal(["hold", "post"], own.Where(item => item.Person == payer).Select(item => (string?)item.Json["kind"]));
        Assert.All(own, item => Assert.Equal(item.Person == payer ? RunningApp.Suzhou : RunningApp.Zhengzhou, (string?)item.Json["region"]));
        ReadEvent receive = Assert.Single(own, item => item.Person == payee);
        System.Text.Json.Nodes.JsonNode entry = (await app.Http.GetAsync($"/v1/persons/{payee}/entries?after={receive.Version - 1}")).Json["entries"]![0]!;
        Assert.All(entry.AsObject(), field => Assert.Equal(field.Value!.ToJsonString(), receive.Json[field.Key]!.ToJsonString()));
    }

    [Fact]
    public async Task Events_while_traffic_goes_on_are_none_lost_none_doubled_and_in_order()
    {
        TransferLoad load = new(seed: 5, persons: 24);
        await load.SetUpAsync(app.Address);
        await using EventReader early = await EventReader.OpenAsync(app.Address);
        await load.RunAsync(app.Address, count: 600, answersUntil: 300, () => { });
        string last = await app.NewPersonAsync(wallet: false);
        bool IsLast(ReadEvent item) => item.Person == last;

        List<ReadEvent> all = await early.UntilAsync(IsLast);

        AssertOrdered(all, []);
        foreach (IGrouping<string, ReadEvent> person in all.GroupBy(item => item.Person))
        {
            Answer answer = await app.Http.GetAsync($"/v1/persons/{person.Key}");
            Assert.True(answer.Number("version") >= person.Last().Version);
            Assert.Equal(person.Count(), person.Last().Version);
        }

        for (int i = 0; i < all.Count - 1; i += 97)
        {
            await using EventReader resumed = await EventReader.OpenAsync(app.Address, "?after=0", lastEventId: all[i].Cursor);
            List<ReadEvent> rest = await resumed.UntilAsync(IsLast);
            AssertOrdered(rest, all.Take(i + 1));
            Assert.True(rest.Count >= all.Count - i - 1);
        }
    }

    [Fact]
    public async Task Events_resume_at_every_cursor_of_a_batch()
    {
        string person = await app.NewPersonAsync(wallet: false);
        await using EventReader reader = await EventReader.OpenAsync(app.Address, "?after=now");
        string lines = string.Concat(Enumerable.Range(0, 40).Select(_ => $$"""{"person":"{{person}}","id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}""" + "\n"));
        Assert.Equal(200, (await app.Http.SendAsync(HttpMethod.Post, "/v1/credits", Caller.Bytes(Encoding.UTF8.GetBytes(lines), "application/x-ndjson"))).Status);
        List<ReadEvent> events = await reader.UntilAsync(item => item.Person == person && item.Version == 41);

        foreach (ReadEvent item in events.Where(item => item.Person == person && item.Version < 41))
        {
            await using EventReader resumed = await EventReader.OpenAsync(app.Address, $"?after={item.Cursor}");
            Assert.Equal(item.Version + 1, (await resumed.UntilAsync(next => next.Person == person))[^1].Version);
        }
    }

    [Theory]
    [InlineData("?after=", 400, "malformed")]
    [InlineData("?after", 400, "malformed")]
    [InlineData("?region=999999", 404, "no-such-region")]
    [InlineData("?region=", 400, "malformed")]
    [InlineData("?province=", 400, "malformed")]
    public async Task Events_after_nothing_or_of_a_region_that_nobody_knows_are_refused(string query, int status, string code) =>
        Expect.Problem(await app.Http.GetAsync("/v1/events" + query), status, code);

    [Fact]
    public async Task Events_of_a_region_are_those_of_its_persons()
    {
        string region = await app.NewRegionAsync();
        string here = await app.NewPersonAsync(region, creditFen: 700);
        await app.NewPersonAsync(creditFen: 500);
        string other = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(here, other, 100)).Status);

        await using EventReader reader = await EventReader.OpenAsync(app.Address, $"?region={region}");
        List<ReadEvent> events = await reader.TakeAsync(5);

        Assert.All(events, item => Assert.Equal((here, region), (item.Person, (string?)item.Json["region"])));
        Assert.Equal(["registered", "wallet-opened", "credit", "hold", "post"], events.Select(item => (string?)item.Json["kind"]));
    }

    [Fact]
    public async Task Events_of_a_province_are_those_of_persons_insured_in_any_region_of_it()
    {
        string[] regions = ["960101", "960201", "950101"];
        List<string> persons = [];
        foreach (string region in regions)
        {
            await app.GoLiveAsync(region);
            persons.Add(await app.NewPersonAsync(region, creditFen: 100, wallet: false));
        }

        await using EventReader province = await EventReader.OpenAsync(app.Address, "?province=96");
        List<ReadEvent> events = await province.TakeAsync(4);
        Assert.Equal(
            [(persons[0], "registered"), (persons[0], "credit"), (persons[1], "registered"), (persons[1], "credit")],
            events.Select(item => (item.Person, (string)item.Json["kind"]!)));
        Assert.Equal(200, (await app.Http.PutAsync($"/v1/persons/{persons[2]}", """{"region":"960101","insurance":"employee","status":"active"}""")).Status);
        Assert.Equal((persons[2], "moved"), await province.NextAsync() is var moved ? (moved.Person, (string)moved.Json["kind"]!) : default);
        await using EventReader both = await EventReader.OpenAsync(app.Address, "?province=96&region=960201");
        Assert.All(await both.TakeAsync(2), item => Assert.Equal(persons[1], item.Person));
    }

    [Fact]
    public async Task Events_of_a_payment_with_money_of_a_relative_in_another_province_are_each_in_their_own_region()
    {
        const string there = "970002";
        string here = await app.NewRegionAsync();
        await app.GoLiveAsync(there);
        string daughter = await app.NewPersonAsync(there, creditFen: 1_000, wallet: false);
        string father = await app.NewPersonAsync(here, creditFen: 100, wallet: false);
        await app.RelateAsync(daughter, father, 300);
        Guid payment = Guid.CreateVersion7();
        Assert.Equal(201, (await app.PayAsync(father, 600, payment)).Status);

        await using EventReader theirs = await EventReader.OpenAsync(app.Address, $"?region={there}");
        List<ReadEvent> given = await theirs.UntilAsync(item => (string?)item.Json["kind"] == "draw-posted");
        await using EventReader ours = await EventReader.OpenAsync(app.Address, $"?region={here}");
        List<ReadEvent> paid = await ours.UntilAsync(item => (string?)item.Json["kind"] == "payment-made");

        Assert.All(given, item => Assert.Equal((daughter, there), (item.Person, (string?)item.Json["region"])));
        Assert.Equal(["registered", "credit", "relation-proposed", "relation-consented", "draw-held", "draw-posted"], given.Select(item => (string?)item.Json["kind"]));
        Assert.All(paid, item => Assert.Equal((father, here), (item.Person, (string?)item.Json["region"])));
        Assert.Equal(["registered", "credit", "relation-joined", "payment-opened", "payment-made"], paid.Select(item => (string?)item.Json["kind"]));
        Assert.All(given[4..].Concat(paid[3..]), item => Assert.Equal(payment, (Guid)item.Json["id"]!));
        Assert.Equal((500, 0, 0, 0), PocketsOf(given[^1]));
        Assert.Equal((0, 0, 0, 0), PocketsOf(paid[^1]));
    }

    private static (long PersonalFen, long WalletFen, long HeldFen, long QuotaFen) PocketsOf(ReadEvent item)
    {
        System.Text.Json.Nodes.JsonNode balances = item.Json["balances"]!;
        return ((long)balances["personalFen"]!, (long)balances["walletFen"]!, (long)balances["heldFen"]!, (long)balances["quotaFen"]!);
    }

    /// <summary>The reader reads nothing until far more has happened than all buffers on the way can hold.</summary>
    [Fact]
    public async Task Events_wait_for_a_slow_reader_and_lose_nothing()
    {
        string person = await app.NewPersonAsync(wallet: false);
        await using EventReader slow = await EventReader.OpenAsync(app.Address, "?after=now");
        const int credits = 30_000;
        string lines = string.Concat(Enumerable.Range(0, credits).Select(_ => $$"""{"person":"{{person}}","id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}""" + "\n"));
        Assert.Equal(200, (await app.Http.SendAsync(HttpMethod.Post, "/v1/credits", Caller.Bytes(Encoding.UTF8.GetBytes(lines), "application/x-ndjson"))).Status);

        List<ReadEvent> events = await slow.UntilAsync(item => item.Person == person && item.Version == credits + 1);

        Assert.Equal(Enumerable.Range(2, credits).Select(version => (long)version), events.Where(item => item.Person == person).Select(item => item.Version));
    }

    [Theory]
    [InlineData("?after=1", "after")]
    [InlineData("?after=AQAAAAAAAA", "after")]
    [InlineData("?after=%20", "after")]
    [InlineData("?after=0&after=now", "after")]
    [InlineData("?region=32050", "region")]
    [InlineData("?region=", "region")]
    [InlineData("?province=320500", "province")]
    [InlineData("?province=", "province")]
    [InlineData("?province=3a", "province")]
    [InlineData("?province=32&province=41", "province")]
    public async Task Events_with_a_bad_question_are_malformed(string query, string field)
    {
        Answer answer = await app.Http.GetAsync($"/v1/events{query}");

        Expect.Problem(answer, 400, "malformed");
        Assert.StartsWith(field, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_with_a_bad_last_event_id_are_malformed()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/events?after=0");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "gibberish");

        Answer answer = await app.Http.SendAsync(request);

        Expect.Problem(answer, 400, "malformed");
        Assert.StartsWith("Last-Event-ID", answer.Field("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_after_a_last_event_id_of_0_begin_with_the_ledger()
    {
        await app.NewPersonAsync();
        await using EventReader all = await EventReader.OpenAsync(app.Address, "?after=0");
        await using EventReader reader = await EventReader.OpenAsync(app.Address, "?after=now", lastEventId: "0");

        Assert.Equal((await all.NextAsync()).Cursor, (await reader.NextAsync()).Cursor);
    }

    [Fact]
    public async Task Events_after_a_cursor_of_another_ledger_are_malformed()
    {
        Answer answer = await app.Http.GetAsync($"/v1/events?after={Gongji.Storage.LedgerCursor.Start.After(90_000, 3)}");

        Expect.Problem(answer, 400, "malformed");
        Assert.Contains("another", answer.Field("detail"), StringComparison.Ordinal);
    }

    private static void AssertOrdered(IEnumerable<ReadEvent> events, IEnumerable<ReadEvent> before)
    {
        Dictionary<string, long> versions = [];
        foreach (ReadEvent item in before)
        {
            versions[item.Person] = item.Version;
        }

        foreach (ReadEvent item in events)
        {
            Assert.True(item.Version == versions.GetValueOrDefault(item.Person) + 1, $"{item.Person} {item.Version} came after {versions.GetValueOrDefault(item.Person)}");
            versions[item.Person] = item.Version;
        }
    }
}
