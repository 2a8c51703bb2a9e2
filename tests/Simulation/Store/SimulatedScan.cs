namespace Gongji.Simulation.Store;

/// <summary>The whole ledger, for the auditors that production has.</summary>
internal sealed class SimulatedScan(SimulatedDatabase database) : ILedgerScan
{
    public IAsyncEnumerable<Entry> ByAccountAsync(CancellationToken cancellationToken) =>
        database.Accounts.OrderBy(account => account.Key, StringComparer.Ordinal).SelectMany(account => account.Value).ToAsyncEnumerable();

    public IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken) =>
        database.Operations.OrderBy(operation => operation.Key).SelectMany(operation => operation.Value.All().OrderBy(entry => entry.Leg))
            .Where(OpenWork.HasCompany).ToAsyncEnumerable();

    public IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken) =>
        database.Chains.SelectMany(chain => chain.Batches)
            .Select(batch => new StoredBatch(batch.Chain, batch.Sequence, batch.PreviousHash, batch.Hash, batch.Entries.Count, batch.Entries, batch.OpenDay))
            .ToAsyncEnumerable();

    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) => database.Holds.Values.ToAsyncEnumerable();

    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) => database.Deltas.ToAsyncEnumerable();

    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken) =>
        database.Deltas.Where(delta => delta.Key.Day == day && (delta.Key.From == region || delta.Key.To == region)).ToAsyncEnumerable();

    public IAsyncEnumerable<Entry> NamingAsync(RegionCode region, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.Operations.OrderBy(operation => operation.Key).SelectMany(operation => operation.Value.All().OrderBy(entry => entry.Leg))
            .Where(entry => entry.At >= from && entry.At < until && Gongji.Ledger.Deltas.Of(entry).Keys.Any(key => key.From == region || key.To == region))
            .ToAsyncEnumerable();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
