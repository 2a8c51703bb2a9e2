using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Grains.Tests;

/// <summary>An entry that is taken out leaves earlier entries of its account on their way. The next load of the account must not miss them.</summary>
public sealed class LeftOnItsWayTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Account_is_loaded_when_what_its_writer_has_left_on_its_way_has_ended()
    {
        string person = await silo.EmployeeAsync(1_000);
        string other = await silo.EmployeeAsync(1_000);
        CreditPerson known = new(Guid.CreateVersion7(), 1, "2024-12");
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(other).CreditAsync(known)).IsRefused);
        SlowCommits commits = SlowCommits.Around(silo.Store);
        await using Journal journal = new(commits.Store, new JournalOptions { Writer = "left", SmallBatchInterval = TimeSpan.Zero }, TimeProvider.System, NullLogger<Journal>.Instance);
        await journal.StartAsync(CancellationToken.None);
        AccountActivation first = silo.SecondActivation(other, new AskedGrain(), journal: journal);
        AccountActivation account = silo.SecondActivation(person, new AskedGrain(), journal: journal);
        Assert.False((await account.ReadStandingAsync()).Value!.AutoAccept);

        // One commit is in flight. What is queued behind it makes the next one, including a repeat.
        Task<Written> before = CreditAsync(first, Guid.CreateVersion7());
        Assert.Equal(1, await commits.HasComeAsync());
        Task<Written> opened = account.WriteAsync((state, now) => PersonRules.OpenWallet(state, new WalletTerms(RegionCode.Parse("320500"), AutoAccept: true), now)).AsTask();
        Task<Written> repeat = CreditAsync(account, known.Id);
        commits.GoOn();
        Assert.NotNull((await before).Entry);
        Assert.Equal(2, await commits.HasComeAsync());
        commits.GoOn();
        Assert.True((await repeat).IsDuplicate);
        Assert.Equal(1, await commits.HasComeAsync());

        Task<Reply<StandingView>> standing = account.ReadStandingAsync().AsTask();
        Assert.False(opened.IsCompleted || standing.IsCompleted);
        commits.GoOn();

        Assert.NotNull((await opened).Entry);
        Assert.True((await standing).Value!.AutoAccept);
        await journal.StopAsync(CancellationToken.None);
        await silo.AssertAuditAsync();
    }

    private static Task<Written> CreditAsync(AccountActivation account, Guid operation) =>
        account.WriteAsync((state, now) => PersonRules.Credit(state, new CreditOrder(operation, 1, "2024-12"), now)).AsTask();
}
