using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>An account that cannot be read is not taken for one without money.</summary>
public sealed class UnreadableRelativeTests : IClassFixture<SiloFixture>
{
    private readonly SiloFixture _silo;

    public UnreadableRelativeTests(SiloFixture silo) => _silo = silo;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Payment_while_an_account_cannot_be_loaded_is_unavailable_and_goes_through_later(bool isRelatives)
    {
        string daughter = await _silo.EmployeeAsync(10_000);
        string father = await _silo.ResidentAsync();
        await _silo.RelateAsync(daughter, father, Kinship.Parent);
        await _silo.RestartAsync();
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 700, null, AllowCash: false);

        string unreadable = isRelatives ? daughter : father;
        _silo.Unreadable[unreadable] = true;
        Reply<PaymentView> refused = await _silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.Equal(RefusalCode.LedgerUnavailable, refused.Code);

        _silo.Unreadable.Clear();
        Reply<PaymentView> made = await _silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.False(made.IsRefused, made.Detail);
        Assert.Equal(9_300, (await _silo.ViewAsync(daughter)).PersonalFen);
        await _silo.AssertAuditAsync();
    }
}
