using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// Payments of families. Each payer has a little money, one relative has a small quota for them, and another relative in another province has the rest. So
/// whichever of a payer's payments comes first takes money from three accounts, and all of them can be made.
/// </summary>
internal sealed class PaymentLoad(int round, int payers)
{
    private const int ConnectionsMax = 64;
    private const int PaymentsPerPayer = 2;
    private const long OwnFen = 100;
    private const long QuotaFen = 150;
    private const long RestFen = 2_000;
    private const long PaidFen = 400;
    private const int AttemptsMax = 200;

    private static readonly string[] Regions = ["320500", "320100", "410100"];

    private readonly Random _random = new(round);
    private readonly ConcurrentDictionary<Guid, Asked> _asked = [];
    private int _answered;

    /// <summary>The number of payments answered with 201 so far.</summary>
    public int Made => _asked.Values.Count(asked => asked.Text is not null);

    public int Count => payers * PaymentsPerPayer;

    /// <summary>Creates the families.</summary>
    public async Task SetUpAsync(Uri address)
    {
        using Caller caller = new(address, ConnectionsMax);
        foreach (string region in Regions)
        {
            string rules = """{"live":{"sameRegion":true,"inProvince":true,"crossProvince":true}}""";
            Assert.Equal(200, (await caller.PutAsync($"/v1/regions/{region}", $$"""{"name":"R{{region}}","rules":{{rules}}}""")).Status);
        }

        await Task.WhenAll(Enumerable.Range(0, payers).Select(async index =>
        {
            await AddAsync(caller, Name("payer", index), Regions[index % 3], OwnFen);
            await AddAsync(caller, Name("near", index), Regions[(index + 1) % 3], QuotaFen);
            await AddAsync(caller, Name("rich", index), Regions[(index + 2) % 3], RestFen);
            await RelateAsync(caller, Name("near", index), Name("payer", index), QuotaFen);
            await RelateAsync(caller, Name("rich", index), Name("payer", index), 0);
        }));
    }

    /// <summary>Sends all payments at once, does something when some of them have been answered, and waits until all are answered or lost.</summary>
    public async Task RunAsync(Uri address, int answersUntil, Action meanwhile)
    {
        using Caller caller = new(address, ConnectionsMax);
        Asked[] batch = [.. Enumerable.Range(0, Count).Select(number => NewPayment(number % payers))];
        _random.Shuffle(batch);
        await Task.WhenAll(batch.Select(async asked =>
        {
            try
            {
                Answer answer = await caller.PostAsync("/v1/payments", asked.Body);
                Assert.True(answer.Status is 201 or 503 or 504, answer.Text);
                asked.Text = answer.Status == 201 ? answer.Text : null;
                if (Interlocked.Increment(ref _answered) == answersUntil)
                {
                    meanwhile();
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or SocketException)
            {
                // Lost: nobody knows whether the payment was made.
            }
        }));
    }

    /// <summary>Repeats every payment, each of which must then be made exactly once, and reads all balances.</summary>
    public async Task VerifyAsync(Uri address)
    {
        using Caller caller = new(address, ConnectionsMax);
        await Task.WhenAll(_asked.Values.Select(asked => VerifyAsync(caller, asked)));
        long totalFen = 0;
        await Task.WhenAll(Enumerable.Range(0, payers).SelectMany(index => new[] { Name("payer", index), Name("near", index), Name("rich", index) }).Select(async name =>
        {
            Answer person = await caller.GetAsync($"/v1/persons/{name}");
            Assert.Equal((0, 0), (person.Number("balances.walletFen"), person.Number("balances.heldFen")));
            Interlocked.Add(ref totalFen, person.Number("balances.personalFen") + person.Number("balances.quotaFen"));
        }));
        Assert.Equal(payers * (OwnFen + QuotaFen + RestFen - PaymentsPerPayer * PaidFen), totalFen);
    }

    private static async Task VerifyAsync(Caller caller, Asked asked)
    {
        // An interrupted payment may be about to be completed just now.
        Answer again = await caller.PostAsync("/v1/payments", asked.Body);
        for (int attempt = 1; again.Status is 503 or 504 && attempt < AttemptsMax; attempt++)
        {
            again = await caller.PostAsync("/v1/payments", asked.Body);
        }

        Assert.True(again.Status == 201, again.Text);
        Assert.True(asked.Text is null || (again.IsReplay && again.Text == asked.Text), $"Answered before with {asked.Text}, now with {again.Text}, replay: {again.IsReplay}");
        asked.Text = again.Text;
        Assert.Equal(PaidFen, RunningApp.PartsOf(again.Json).Sum(part => part.AmountFen));
        Assert.Equal(again.Text, (await caller.GetAsync($"/v1/payments/{asked.Id}")).Text);
    }

    private static async Task AddAsync(Caller caller, string person, string region, long fen)
    {
        Assert.Equal(200, (await caller.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{region}}","insurance":"employee","status":"active"}""")).Status);
        string credit = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":{{fen}},"period":"2024-12"}""");
        Assert.Equal(201, (await caller.PostAsync($"/v1/persons/{person}/credits", credit)).Status);
    }

    private static async Task RelateAsync(Caller caller, string giver, string recipient, long quotaFen)
    {
        string relation = string.Create(CultureInfo.InvariantCulture, $$"""{"kinship":"parent","quotaFen":{{quotaFen}}}""");
        Assert.Equal(200, (await caller.PutAsync($"/v1/relations/{giver}/{recipient}", relation)).Status);
        Assert.Equal(200, (await caller.SendAsync(HttpMethod.Post, $"/v1/relations/{giver}/{recipient}/consent", null)).Status);
    }

    private Asked NewPayment(int payer)
    {
        Guid id = Guid.CreateVersion7();
        return _asked[id] = new Asked(id, RunningApp.PaymentBody(id, Name("payer", payer), PaidFen));
    }

    private string Name(string role, int index) => string.Create(CultureInfo.InvariantCulture, $"{role}-{round}-{index}");

    /// <summary>A payment and its answer; null for none.</summary>
    private sealed record Asked(Guid Id, string Body)
    {
        public string? Text { get; set; }
    }
}
