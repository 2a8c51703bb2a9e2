using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>An account whose grain has left memory may still receive the leg of a transfer, because inside a silo a leg is not a message.</summary>
public sealed class ClosedAccountTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Stale_account_of_a_grain_that_has_left_writes_behind_the_new_one_and_asks_nobody_to_leave()
    {
        string person = await silo.EmployeeAsync(100_000);
        IInsuredPersonGrain grain = silo.Grains.GetGrain<IInsuredPersonGrain>(person);
        AskedGrain gone = new();
        AccountActivation left = silo.SecondActivation(person, gone);
        Assert.NotNull((await OpenAsync(left, autoAccept: true)).Entry);
        await left.CloseAsync();
        Assert.False((await grain.OpenWalletAsync(new OpenWallet("320500", AutoAccept: false, null))).IsRefused);

        Written written = await OpenAsync(left, autoAccept: true);

        Assert.Null(written.Refusal);
        Assert.Equal((await silo.ViewAsync(person)).Version, written.Entry!.Version);
        Assert.Equal(0, gone.AskedToLeave);
        await silo.AssertAuditAsync();
    }

    private static async Task<Written> OpenAsync(AccountActivation account, bool autoAccept) =>
        await account.WriteAsync((state, now) => PersonRules.OpenWallet(state, new WalletTerms(RegionCode.Parse("320500"), autoAccept), now));
}
