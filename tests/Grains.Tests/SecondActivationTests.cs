using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>Two activations of one account, as a cluster has for moments: one must not answer from a state older than what the other has answered.</summary>
public sealed class SecondActivationTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Question_that_joins_a_load_which_is_older_than_itself_is_not_answered_from_it()
    {
        string person = await silo.EmployeeAsync(100);
        SlowLoads loads = SlowLoads.Around(silo.Store);
        AccountActivation second = silo.SecondActivation(person, new AskedGrain(), loads.Store);
        Task<long> before = PersonalFenAsync(second);
        await loads.HasReadAsync();
        await CreditAsync(person, 11);

        Task<long> after = PersonalFenAsync(second);
        loads.GoOn();
        loads.GoOn();

        Assert.Equal(111, await after);
        Assert.Contains(await before, (long[])[100, 111]);
    }

    [Fact]
    public async Task Peek_at_an_account_that_is_dropped_right_after_its_load_loads_it_again()
    {
        string person = await silo.EmployeeAsync(100);
        SlowLoads loads = SlowLoads.Around(silo.Store);
        AskedGrain grain = new();
        AccountActivation second = silo.SecondActivation(person, grain, loads.Store);
        CreditOrder order = new(Guid.CreateVersion7(), 7, "2024-12");
        Task<Written> credit = second.WriteAsync((state, now) => PersonRules.Credit(state, order, now)).AsTask();
        await loads.HasReadAsync();
        HeldTurns turns = new();
        Task<long> peek = await Task.Factory.StartNew(
            () => second.PeekAsync(static state => state.Balances.PersonalFen).AsTask(), CancellationToken.None, TaskCreationOptions.None, turns);
        turns.Hold();

        // The credit's version is taken. Before the peek continues, the activation drops its state and loads it again.
        await CreditAsync(person, 11);
        loads.GoOn();
        await loads.HasReadAsync();
        Assert.Equal(1, grain.AskedToLeave);
        turns.Release();
        loads.GoOn();

        Assert.Contains(await peek, (long[])[111, 118]);
        Assert.NotNull((await credit).Entry);
        Assert.Equal(118, await PersonalFenAsync(second));
        await silo.AssertAuditAsync();
    }

    /// <summary>While a batch may still land, its effect on the account is unknown: a caller who was told "unknown" and asks again must not get a final refusal.</summary>
    [Fact]
    public async Task Refusal_is_not_given_while_batches_are_in_doubt()
    {
        string person = await silo.EmployeeAsync(100);
        CreditOrder tooMuch = new(Guid.CreateVersion7(), Limits.BalanceFenMax, "2024-12");

        AccountActivation inDoubt = silo.SecondActivation(person, new AskedGrain(), journal: DoubtfulJournal.Around(silo.Journal));
        Assert.Equal(RefusalCode.LedgerUnavailable, (await inDoubt.WriteAsync((state, now) => PersonRules.Credit(state, tooMuch, now))).Refusal?.Code);
        Assert.Equal(100, await PersonalFenAsync(inDoubt));

        AccountActivation certain = silo.SecondActivation(person, new AskedGrain());
        RefusalCode? refused = (await certain.WriteAsync((state, now) => PersonRules.Credit(state, tooMuch, now))).Refusal?.Code;
        Assert.NotNull(refused);
        Assert.NotEqual(RefusalCode.LedgerUnavailable, refused);
    }

    private async Task CreditAsync(string person, long fen) =>
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(person).CreditAsync(new CreditPerson(Guid.CreateVersion7(), fen, "2024-12"))).IsRefused);

    private static async Task<long> PersonalFenAsync(AccountActivation account)
    {
        long fen = 0;
        Assert.Null((await account.WriteAsync((state, _) => PersonRules.Look(state), state => fen = state.Balances.PersonalFen)).Refusal);
        return fen;
    }
}
