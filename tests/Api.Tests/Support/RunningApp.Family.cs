using System.Globalization;
using System.Text.Json.Nodes;

namespace Gongji.Api.Tests.Support;

/// <content>Relations, payments and contributions.</content>
public partial class RunningApp
{
    internal const string Hospital = "H41010000001";

    internal Task<Answer> ProposeAsync(string giver, string recipient, long? quotaFen = null, string kinship = "parent") => Http.PutAsync(
        $"/v1/relations/{giver}/{recipient}",
        quotaFen is null ? $$"""{"kinship":"{{kinship}}"}""" : string.Create(CultureInfo.InvariantCulture, $$"""{"kinship":"{{kinship}}","quotaFen":{{quotaFen}}}"""));

    internal Task<Answer> ConsentAsync(string giver, string recipient) =>
        Http.SendAsync(HttpMethod.Post, $"/v1/relations/{giver}/{recipient}/consent", null);

    internal Task<Answer> DissolveAsync(string giver, string recipient) => Http.SendAsync(HttpMethod.Delete, $"/v1/relations/{giver}/{recipient}", null);

    /// <summary>Makes a relation with the consent of both.</summary>
    internal async Task RelateAsync(string giver, string recipient, long? quotaFen = null)
    {
        Assert.Equal(200, (await ProposeAsync(giver, recipient, quotaFen)).Status);
        Assert.Equal(200, (await ConsentAsync(giver, recipient)).Status);
    }

    internal Task<Answer> OrderAsync(string person, params string[] first) =>
        Http.PutAsync($"/v1/persons/{person}/relatives-order", $$"""{"order":[{{string.Join(',', first.Select(giver => $"\"{giver}\""))}}]}""");

    internal Task<Answer> PayAsync(
        string person, long amountFen, Guid? id = null, string? sources = null, bool? allowCash = null, string institution = Hospital) =>
        Http.PostAsync("/v1/payments", PaymentBody(id ?? Guid.CreateVersion7(), person, amountFen, sources, allowCash, institution));

    internal static string PaymentBody(Guid id, string person, long amountFen, string? sources = null, bool? allowCash = null, string institution = Hospital) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"{{id}}","person":"{{person}}","institution":"{{institution}}","amountFen":{{amountFen}}{{(sources is null ? "" : $",\"sources\":{sources}")}}{{(allowCash is null ? "" : allowCash.Value ? ",\"allowCash\":true" : ",\"allowCash\":false")}}}""");

    internal Task<Answer> RefundAsync(Guid payment, long amountFen, Guid? id = null) => Http.PostAsync(
        $"/v1/payments/{payment}/refunds", string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id ?? Guid.CreateVersion7()}}","amountFen":{{amountFen}}}"""));

    internal Task<Answer> ContributeAsync(
        string payer, string beneficiary, long amountFen = 40_000, Guid? id = null, string scheme = "resident-medical", int year = 2025, string? sources = null) =>
        Http.PostAsync("/v1/contributions", ContributionBody(id ?? Guid.CreateVersion7(), payer, beneficiary, amountFen, scheme, year, sources));

    internal static string ContributionBody(
        Guid id, string payer, string beneficiary, long amountFen = 40_000, string scheme = "resident-medical", int year = 2025, string? sources = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"{{id}}","payer":"{{payer}}","beneficiary":"{{beneficiary}}","scheme":"{{scheme}}","year":{{year}},"amountFen":{{amountFen}}{{(sources is null ? "" : $",\"sources\":{sources}")}}}""");

    /// <summary>A new employee with money in the personal account and in the wallet.</summary>
    internal async Task<string> NewPayerAsync(string region = Zhengzhou, long personalFen = 0, long walletFen = 0)
    {
        string person = await NewPersonAsync(region, creditFen: personalFen, autoAccept: true);
        if (walletFen > 0)
        {
            string giver = await NewPersonAsync(region, creditFen: walletFen);
            Assert.Equal(201, (await TransferAsync(giver, person, walletFen)).Status);
        }

        return person;
    }

    /// <summary>The balances personal, wallet, held and quota, in fen.</summary>
    internal async Task<(long PersonalFen, long WalletFen, long HeldFen, long QuotaFen)> PocketsAsync(string person)
    {
        Answer answer = await Http.GetAsync($"/v1/persons/{person}");
        return (answer.Number("balances.personalFen"), answer.Number("balances.walletFen"), answer.Number("balances.heldFen"), answer.Number("balances.quotaFen"));
    }

    internal async Task<long> NetOfAsync(string region) => (await Http.GetAsync($"/v1/regions/{region}")).Number("clearing.netFen");

    internal async Task<long> FundOfAsync(string region) => (await Http.GetAsync($"/v1/regions/{region}")).Number("fundFen");

    /// <summary>The parts of an answer: account, pocket, amount and tier.</summary>
    internal static (string Account, string Pocket, long AmountFen, string Tier)[] PartsOf(JsonNode answer) =>
        [.. answer["parts"]!.AsArray().Select(part => ((string)part!["account"]!, (string)part["pocket"]!, (long)part["amountFen"]!, (string)part["tier"]!))];
}
