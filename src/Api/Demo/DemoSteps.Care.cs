using System.Text.Json.Nodes;

namespace Gongji.Api.Demo;

/// <content>Relations, payments, contributions and refunds.</content>
internal sealed partial class DemoSteps
{
    public async Task ProposeAsync(string title, string giver, string recipient, string kinship, long quotaFen, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["kinship"] = kinship, ["quotaFen"] = quotaFen };
        DemoAnswer answer = await client.PutAsync($"/v1/relations/{giver}/{recipient}", body, cancellationToken);
        await ShowAsync(title, answer, $"{answer.Text("status")}, {DemoPage.Yuan(answer.Number("quotaFen"))} earmarked", cancellationToken);
        Expect("relation", $"200 proposed {quotaFen}", $"{answer.Status} {answer.Text("status")} {answer.Number("leftFen")}");
    }

    public async Task ConsentAsync(string title, string giver, string recipient, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostAsync($"/v1/relations/{giver}/{recipient}/consent", [], cancellationToken);
        await ShowAsync(title, answer, answer.Text("status"), cancellationToken);
        Expect("relation", "200 consented", $"{answer.Status} {answer.Text("status")}");
    }

    public async Task DissolveAsync(string title, string giver, string recipient, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.DeleteAsync($"/v1/relations/{giver}/{recipient}", cancellationToken);
        await ShowAsync(title, answer, answer.Text("status"), cancellationToken);
        Expect("relation", "200 dissolved", $"{answer.Status} {answer.Text("status")}");
    }

    /// <param name="title">What happens.</param>
    /// <param name="payment">The payment's id.</param>
    /// <param name="person">Who pays.</param>
    /// <param name="amountFen">In fen.</param>
    /// <param name="parts">The expected parts: which pockets pay how much.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task PayAsync(string title, Guid payment, string person, long amountFen, string parts, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["id"] = payment.ToString(), ["person"] = person, ["institution"] = DemoCast.Hospital, ["amountFen"] = amountFen };
        await ShowPartsAsync(title, await client.PostAsync("/v1/payments", body, cancellationToken), parts, cancellationToken);
    }

    public async Task ContributeAsync(string title, string payer, string beneficiary, long amountFen, string parts, CancellationToken cancellationToken)
    {
        JsonObject body = new()
        {
            ["id"] = Guid.CreateVersion7().ToString(),
            ["payer"] = payer,
            ["beneficiary"] = beneficiary,
            ["scheme"] = "resident-medical",
            ["year"] = 2025,
            ["amountFen"] = amountFen,
        };
        await ShowPartsAsync(title, await client.PostAsync("/v1/contributions", body, cancellationToken), parts, cancellationToken);
    }

    public async Task RefundAsync(string title, Guid payment, long amountFen, string parts, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["id"] = Guid.CreateVersion7().ToString(), ["amountFen"] = amountFen };
        await ShowPartsAsync(title, await client.PostAsync($"/v1/payments/{payment}/refunds", body, cancellationToken), parts, cancellationToken);
    }

    private async Task ShowPartsAsync(string title, DemoAnswer answer, string expected, CancellationToken cancellationToken)
    {
        JsonArray parts = answer.Body["parts"]?.AsArray() ?? [];
        string shown = string.Join(", ", parts.Select(part => $"{part!["account"]}'s {part["pocket"]} {DemoPage.Yuan(part["amountFen"]!.GetValue<long>())}"));
        await ShowAsync(title, answer, shown, cancellationToken);
        Expect("parts", $"201 {expected}", $"{answer.Status} {shown}");
    }
}
