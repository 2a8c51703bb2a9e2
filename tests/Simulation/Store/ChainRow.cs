namespace Gongji.Simulation.Store;

/// <summary>A chain and its batches.</summary>
public sealed class ChainRow(string writer)
{
    public string Writer { get; } = writer;

    public List<SealedBatch> Batches { get; } = [];
}
