using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Grains.Tests;

/// <summary>Two activations of one account, as a cluster has for moments: what one has answered the other may not be behind.</summary>
public sealed class SecondActivationTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Question_that_joins_a_load_which_is_older_than_itself_is_not_answered_from_it()
    {
        string person = await silo.EmployeeAsync(100);
        IInsuredPersonGrain first = silo.Grains.GetGrain<IInsuredPersonGrain>(person);
        SlowLoads store = SlowLoads.Around(silo.Store);
        AccountActivation second = new(
            person, new StayingGrain(), silo.Journal, store.Store, silo.Clock, new LocalPersons(silo.Grains), new LocalPerson(first), NullLogger.Instance);
        Task<long> before = PersonalFenAsync(second);
        await store.HasRead;
        Assert.False((await first.CreditAsync(new CreditPerson(Guid.CreateVersion7(), 11, "2024-12"))).IsRefused);

        Task<long> after = PersonalFenAsync(second);
        store.GoOn();

        Assert.Equal(111, await after);
        Assert.Contains(await before, (long[])[100, 111]);
    }

    private static async Task<long> PersonalFenAsync(AccountActivation account)
    {
        long fen = 0;
        Assert.Null((await account.WriteAsync((state, _) => PersonRules.Look(state), state => fen = state.Balances.PersonalFen)).Refusal);
        return fen;
    }

    private sealed class StayingGrain : IAccountGrain
    {
        public void Leave()
        {
        }
    }
}
