namespace Gongji.LoadTest;

/// <summary>A person modelled as in the ADO.NET persistence sample: the grain writes its row at each change. Used only by a peer of the benchmark.</summary>
[Alias("gongji.bench.writing-person")]
public interface IWritingPersonGrain : IGrainWithStringKey
{
    /// <summary>Sets money aside; false when there is not enough.</summary>
    Task<bool> HoldAsync(Guid transfer, long amountFen);

    /// <summary>Receives money.</summary>
    Task ReceiveAsync(Guid transfer, long amountFen);

    /// <summary>Releases held money.</summary>
    Task PostAsync(Guid transfer);
}
