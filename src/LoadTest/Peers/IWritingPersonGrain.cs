namespace Gongji.LoadTest;

/// <summary>A person as the ADO.NET persistence sample would keep one: the grain writes its row at each change. Only a peer of the benchmark.</summary>
[Alias("gongji.bench.writing-person")]
public interface IWritingPersonGrain : IGrainWithStringKey
{
    /// <summary>Sets money aside; false when there is not enough.</summary>
    Task<bool> HoldAsync(Guid transfer, long amountFen);

    /// <summary>Takes money in.</summary>
    Task ReceiveAsync(Guid transfer, long amountFen);

    /// <summary>Lets held money go.</summary>
    Task PostAsync(Guid transfer);
}
