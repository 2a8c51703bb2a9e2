using static Gongji.Api.Demo.DemoCast;

namespace Gongji.Api.Demo;

/// <content>What the money is used for: care, medicine, contributions.</content>
internal sealed partial class DemoStory
{
    private async Task PaysAsync(CancellationToken cancellationToken)
    {
        page.Heading("He pays for his care");
        await _steps.PayAsync("183.00 at a hospital in Zhengzhou, from his wallet", Guid.CreateVersion7(), Father, 18_300, $"{Father}'s wallet 183.00", cancellationToken);
        _steps.Balances(daughter: (260_000, 0), father: 81_700);

        await _steps.ProposeAsync("She proposes a relation and earmarks 500.00 for him", Daughter, Father, "parent", 50_000, cancellationToken);
        _steps.Balances(daughter: (210_000, 0), father: 81_700, quota: 50_000);
        await _steps.ConsentAsync("He consents", Daughter, Father, cancellationToken);
        _steps.Balances(daughter: (210_000, 0), father: 81_700, quota: 50_000);

        Guid stay = Guid.CreateVersion7();
        string parts = $"{Father}'s wallet 817.00, {Daughter}'s quota 500.00, {Daughter}'s personal 183.00";
        await _steps.PayAsync("1,500.00 for a stay: his wallet, then her quota, then her account", stay, Father, 150_000, parts, cancellationToken);
        _steps.Balances(daughter: (191_700, 0), father: 0);

        await _steps.ContributeAsync("She pays his insurance contribution of next year, 400.00", Daughter, Father, 40_000, $"{Daughter}'s personal 400.00", cancellationToken);
        _steps.Balances(daughter: (151_700, 0), father: 0);

        string back = $"{Daughter}'s personal 183.00, {Daughter}'s quota 117.00";
        await _steps.RefundAsync("The hospital gives 300.00 of the stay back, last money first", stay, 30_000, back, cancellationToken);
        _steps.Balances(daughter: (170_000, 0), father: 0, quota: 11_700);
        await _steps.DissolveAsync("They dissolve the relation: what is left of the quota returns", Daughter, Father, cancellationToken);
        _steps.Balances(daughter: (181_700, 0), father: 0);
    }
}
