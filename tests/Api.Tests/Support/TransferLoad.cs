using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// Transfers among a fixed set of people. Each request is remembered with the answer that it got before the server went away. After the server is back,
/// every answer must still be true, and every open question must be answerable.
/// </summary>
internal sealed class TransferLoad(int seed, int persons)
{
    private const int ConnectionsMax = 64;
    private const long CreditFen = 10_000_000;
    private const string OpenRules = """
        "live":{"sameRegion":true,"inProvince":true,"crossProvince":true},"maxTransfersPerDay":1000000,"closedFrom":"00:00","closedUntil":"00:00"
        """;

    private static readonly string[] Regions = ["320500", "320100", "410100"];

    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<Guid, Asked> _asked = [];
    private int _answered;

    /// <summary>The number of transfers answered with 201 so far.</summary>
    public int Created => _asked.Values.Count(asked => asked.Status == 201);

    public int Count => _asked.Count;

    /// <summary>Creates people with money; every third accepts by hand.</summary>
    public async Task SetUpAsync(Uri address)
    {
        using Caller caller = new(address, ConnectionsMax);
        foreach (string region in Regions)
        {
            Assert.Equal(200, (await caller.PutAsync($"/v1/regions/{region}", $$"""{"name":"R{{region}}","rules":{ {{OpenRules}} } }""")).Status);
        }

        await Task.WhenAll(Enumerable.Range(0, persons).Select(async index =>
        {
            string region = Regions[index % Regions.Length];
            Assert.Equal(200, (await caller.PutAsync($"/v1/persons/{Person(index)}", $$"""{"region":"{{region}}","insurance":"employee","status":"active"}""")).Status);
            Assert.Equal(200, (await caller.PostAsync($"/v1/persons/{Person(index)}/wallet", $$"""{"usePlace":"{{region}}","autoAccept":{{(index % 3 == 0 ? "false" : "true")}}}""")).Status);
            string credit = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":{{CreditFen}},"period":"2024-12"}""");
            Assert.Equal(201, (await caller.PostAsync($"/v1/persons/{Person(index)}/credits", credit)).Status);
        }));
    }

    /// <summary>Sends transfers all at once, does something when some of them have been answered, and waits until all are answered or lost.</summary>
    public async Task RunAsync(Uri address, int count, int answersUntil, Action meanwhile)
    {
        using Caller caller = new(address, ConnectionsMax);
        _answered = 0;
        Asked[] batch = [.. Enumerable.Range(0, count).Select(_ => NewTransfer())];
        foreach (Asked asked in batch)
        {
            _asked[asked.Id] = asked;
        }

        await Task.WhenAll(batch.Select(async asked =>
        {
            try
            {
                Answer answer = await caller.PostAsync("/v1/transfers", asked.Body);
                (asked.Status, asked.Text) = (answer.Status, answer.Text);
                Assert.False(answer.Status == 500, answer.Text);
                if (Interlocked.Increment(ref _answered) == answersUntil)
                {
                    meanwhile();
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or SocketException)
            {
                // Lost: nobody knows whether the transfer was made.
            }
        }));
    }

    /// <summary>Repeats every transfer, and reads all balances.</summary>
    public async Task VerifyAsync(Uri address)
    {
        using Caller caller = new(address, ConnectionsMax);
        await Task.WhenAll(_asked.Values.Select(asked => VerifyAsync(caller, asked)));
        long totalFen = 0;
        await Task.WhenAll(Enumerable.Range(0, persons).Select(async index =>
        {
            Answer person = await caller.GetAsync($"/v1/persons/{Person(index)}");
            Interlocked.Add(ref totalFen, person.Number("balances.personalFen") + person.Number("balances.walletFen") + person.Number("balances.heldFen"));
        }));
        Assert.Equal(persons * CreditFen, totalFen);
    }

    private static async Task VerifyAsync(Caller caller, Asked asked)
    {
        int before = asked.Status;
        Answer again = await caller.PostAsync("/v1/transfers", asked.Body);
        if (asked.Status == 201)
        {
            Assert.True(again.Status == 201 && again.IsReplay, $"Answered before with {asked.Text}, now with {again.Status} {again.Text}, replay: {again.IsReplay}");
            Assert.Equal(asked.Text, again.Text);
        }
        else
        {
            // It was never answered, or was refused, which is decided anew: now there is a final answer.
            Assert.True(again.Status is 201 or 422, $"{again.Status} {again.Text}");
            Assert.False(asked.Status == 422 && again.IsReplay, $"Refused before with {asked.Text}, now there: {again.Text}");
        }

        if (before == 201 && asked.Id.GetHashCode() % 8 != 0)
        {
            // The replay is proof enough; the transfer itself is read for one in eight.
            return;
        }

        Answer got = await caller.GetAsync($"/v1/transfers/{asked.Id}");
        Assert.Equal(again.Status == 201 ? 200 : 404, got.Status);
        if (again.Status == 201)
        {
            Assert.Equal((asked.Payer, asked.Payee, asked.AmountFen), (got.Field("payer"), got.Field("payee"), got.Number("amountFen")));
            Assert.Equal(again.Field("status"), got.Field("status"));
            (asked.Status, asked.Text) = (201, again.Text);
        }
    }

    private Asked NewTransfer()
    {
        int payer = _random.Next(persons);
        int payee = (payer + 1 + _random.Next(persons - 1)) % persons;
        Guid id = Guid.CreateVersion7();
        long amountFen = _random.Next(1, 1_000);
        return new Asked(id, Person(payer), Person(payee), amountFen, RunningApp.TransferBody(id, Person(payer), Person(payee), amountFen));
    }

    private static string Person(int index) => string.Create(CultureInfo.InvariantCulture, $"load-{index}");

    /// <summary>A transfer and its last answer; status 0 for none.</summary>
    private sealed record Asked(Guid Id, string Payer, string Payee, long AmountFen, string Body)
    {
        public int Status { get; set; }

        public string Text { get; set; } = string.Empty;
    }
}
