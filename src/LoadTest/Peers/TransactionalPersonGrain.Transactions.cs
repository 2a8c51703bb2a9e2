using Orleans.Concurrency;
using Orleans.Transactions.Abstractions;

namespace Gongji.LoadTest;

/// <inheritdoc cref="ITransactionalPersonGrain"/>
[Reentrant]
internal sealed class TransactionalPersonGrain([TransactionalState("balance")] ITransactionalState<TransactionalBalance> balance) : Grain, ITransactionalPersonGrain
{
    public Task WithdrawAsync(long amountFen) => balance.PerformUpdate(state => state.BalanceFen >= amountFen
        ? state.BalanceFen -= amountFen
        : throw new InvalidOperationException("insufficient-funds"));

    public Task DepositAsync(long amountFen) => balance.PerformUpdate(state => checked(state.BalanceFen += amountFen));
}

/// <summary>The state of a <see cref="TransactionalPersonGrain"/>.</summary>
[GenerateSerializer]
[Alias("gongji.bench.transactional-balance")]
public sealed class TransactionalBalance
{
    /// <summary>The balance in fen. Everybody starts with the same balance, so nobody needs to be prepared.</summary>
    [Id(0)]
    public long BalanceFen { get; set; } = BenchLimits.CreditFen;
}
