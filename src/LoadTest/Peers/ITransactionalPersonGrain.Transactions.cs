namespace Gongji.LoadTest;

/// <summary>A person as the bank sample of Microsoft Orleans keeps an account: its balance is transactional state. Only a peer of the benchmark.</summary>
[Alias("gongji.bench.transactional-person")]
public interface ITransactionalPersonGrain : IGrainWithStringKey
{
    /// <summary>Takes money out, within the caller's transaction; one that is not covered aborts it.</summary>
    /// <param name="amountFen">How much, in fen.</param>
    [Transaction(TransactionOption.Join)]
    [Alias("withdraw")]
    Task WithdrawAsync(long amountFen);

    /// <summary>Puts money in, within the caller's transaction.</summary>
    /// <param name="amountFen">How much, in fen.</param>
    [Transaction(TransactionOption.Join)]
    [Alias("deposit")]
    Task DepositAsync(long amountFen);
}
