namespace Gongji.LoadTest;

/// <summary>A person modelled like an account in the bank sample of Microsoft Orleans: the balance is transactional state. Used only by a peer of the benchmark.</summary>
[Alias("gongji.bench.transactional-person")]
public interface ITransactionalPersonGrain : IGrainWithStringKey
{
    /// <summary>Withdraws money within the caller's transaction; an insufficient balance aborts the transaction.</summary>
    /// <param name="amountFen">The amount, in fen.</param>
    [Transaction(TransactionOption.Join)]
    [Alias("withdraw")]
    Task WithdrawAsync(long amountFen);

    /// <summary>Deposits money within the caller's transaction.</summary>
    /// <param name="amountFen">The amount, in fen.</param>
    [Transaction(TransactionOption.Join)]
    [Alias("deposit")]
    Task DepositAsync(long amountFen);
}
