using System.Text;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Gongji.Api.Tests;

/// <summary>A payment that was made at its second attempt, because nobody ended the first, is known to callers by the id that its caller chose.</summary>
public sealed class PaymentAttemptTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Day = "2024-12-02";

    [Fact]
    public async Task Id_of_an_attempt_is_no_payments()
    {
        (string person, Guid payment, Guid attempt) = await PayAtTheSecondAttemptAsync();
        (long, long, long, long) before = await app.PocketsAsync(person);

        Expect.Problem(await app.RefundAsync(attempt, 100), 404, "no-such-payment");
        Expect.Problem(await app.Http.GetAsync($"/v1/payments/{attempt}"), 404, "no-such-payment");

        Assert.Equal(before, await app.PocketsAsync(person));
        Assert.Equal(201, (await app.RefundAsync(payment, 100)).Status);
    }

    [Fact]
    public async Task Entries_and_events_of_all_parties_name_the_payment()
    {
        await using EventReader reader = await EventReader.OpenAsync(app.Address, "?after=now");
        (string person, Guid payment, Guid attempt) = await PayAtTheSecondAttemptAsync();

        JsonNode[] own = await EntriesOfAsync(person);
        JsonNode[] parts = [.. own.Where(entry => ((string)entry["kind"]!).StartsWith("payment-", StringComparison.Ordinal))];
        Assert.Equal(["payment-opened", "payment-abandoned", "payment-opened", "payment-made"], parts.Select(entry => (string)entry["kind"]!));
        Assert.All(parts, entry => Assert.Equal(payment.ToString(), (string?)entry["payment"]));
        Assert.Equal([payment, payment, attempt, attempt], parts.Select(entry => Guid.Parse((string)entry["id"]!)));
        Assert.All(own.Except(parts), entry => Assert.False(entry.AsObject().ContainsKey("payment")));

        List<JsonNode> events = [];
        while (events.Count(entry => entry["payment"] is not null) < 6)
        {
            events.Add((await reader.NextAsync()).Json);
        }

        Assert.Equal(
            ["draw-held", "draw-posted", "payment-abandoned", "payment-made", "payment-opened", "payment-opened"],
            events.Where(entry => (string?)entry["payment"] == payment.ToString()).Select(entry => (string)entry["kind"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task File_of_a_day_names_the_payment_and_agrees_with_one_that_does()
    {
        string region = await app.NewRegionAsync();
        (string person, Guid payment, Guid attempt) = await PayAtTheSecondAttemptAsync(region);

        Answer file = await app.Http.GetAsync($"/v1/reconciliation/{region}/{Day}");
        string[] ids = [.. file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0])];
        Assert.Contains(payment.ToString(), ids);
        Assert.DoesNotContain(attempt.ToString(), ids);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);

        JsonNode credit = (await EntriesOfAsync(person)).Single(entry => (string)entry["kind"]! == "credit");
        Answer compared = await app.Http.SendAsync(
            HttpMethod.Post,
            $"/v1/reconciliation/{region}/{Day}",
            Caller.Bytes(Encoding.UTF8.GetBytes($"id,amountFen\n{credit["id"]},100\n{payment},500\n"), "text/csv"));
        Assert.True((bool)compared.Json["agrees"]!, compared.Text);
    }

    /// <summary>Makes a payment of 500 fen, 400 of them a relative's, whose first attempt was abandoned before anybody saw it.</summary>
    private async Task<(string Person, Guid Payment, Guid Attempt)> PayAtTheSecondAttemptAsync(string region = RunningApp.Zhengzhou)
    {
        string relative = await app.NewPersonAsync(creditFen: 1_000);
        string person = await app.NewPersonAsync(region, creditFen: 100);
        await app.RelateAsync(relative, person);
        Guid payment = Guid.CreateVersion7();
        IInsuredPersonGrain payer = app.Services.GetRequiredService<IGrainFactory>().GetGrain<IInsuredPersonGrain>(person);
        Pay pay = new(payment, person, RunningApp.Hospital, PaymentPurpose.Hospital, person, null, 0, 500, null, AllowCash: false);
        OpenPaymentReply opened = await payer.OpenPaymentAsync(new OpenPayment(pay, payment, null, [new OfferView(relative, RunningApp.Suzhou, 0, 1_000)], LegTicket.Durable));
        Assert.Equal(LegStatus.Done, opened.Leg.Status);
        Assert.Equal(LegStatus.Done, (await payer.DecidePaymentAsync(new DecidePayment(payment, null, LegTicket.Durable))).Status);
        Assert.Equal(201, (await app.PayAsync(person, 500, payment)).Status);
        return (person, payment, PersonRules.AttemptId(payment, 1));
    }

    private async Task<JsonNode[]> EntriesOfAsync(string person) => [.. (await app.Http.GetAsync($"/v1/persons/{person}/entries")).Json["entries"]!.AsArray().Select(entry => entry!)];
}
