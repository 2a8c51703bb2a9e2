namespace Gongji.Simulation.Store;

/// <summary>Reads the whole ledger for the production auditors.</summary>
internal sealed class SimulatedScan(SimulatedDatabase database) : ILedgerScan
{
    public Task<IReadOnlyList<Gongji.Ledger.Audit.MissingGuard>> MissingGuardsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Gongji.Ledger.Audit.MissingGuard>>([]);

    public Task<DateOnly?> OpenDayAsync(CancellationToken cancellationToken) => Task.FromResult<DateOnly?>(database.OpenDay);

    public IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> ByAccountAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string, long), DateOnly> openDays = database.Chains.SelectMany(chain => chain.Batches)
            .SelectMany(batch => batch.Entries.Select(encoded => ((encoded.Entry.Account, encoded.Entry.Version), batch.OpenDay))).ToDictionary();
        return database.Accounts.OrderBy(account => account.Key, StringComparer.Ordinal).SelectMany(account => account.Value)
            .Select(entry => (entry, openDays[(entry.Account, entry.Version)])).ToAsyncEnumerable();
    }

    public IAsyncEnumerable<AccountSnapshot> SnapshotsAsync(CancellationToken cancellationToken) =>
        database.StoredSnapshots.OrderBy(snapshot => !database.Accounts.ContainsKey(snapshot.Account)).ThenBy(snapshot => snapshot.Account, StringComparer.Ordinal).ToAsyncEnumerable();

    public IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken) =>
        database.Operations.OrderBy(operation => operation.Key).SelectMany(operation => operation.Value.All().OrderBy(entry => entry.Leg))
            .Where(OpenWork.HasCompany).ToAsyncEnumerable();

    public IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken) =>
        database.Chains.SelectMany(chain => chain.Batches)
            .Select(batch => new StoredBatch(batch.Chain, batch.Sequence, batch.PreviousHash, batch.Hash, batch.Entries.Count, batch.Entries, batch.OpenDay))
            .ToAsyncEnumerable();

    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) => database.Holds.Values.ToAsyncEnumerable();

    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) => database.Deltas.ToAsyncEnumerable();

    public IAsyncEnumerable<EscrowCap> CapsAsync(CancellationToken cancellationToken) => database.Caps.ToAsyncEnumerable();

    public IAsyncEnumerable<StoredSlice> SlicesAsync(CancellationToken cancellationToken) => database.Slices.ToAsyncEnumerable();

    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken) =>
        database.Deltas.Where(delta => delta.Key.Day == day && (delta.Key.From == region || delta.Key.To == region)).ToAsyncEnumerable();

    public IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(string code, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.Chains.SelectMany(chain => chain.Batches)
            .SelectMany(batch => batch.Entries.Select(encoded => (encoded.Entry, batch.OpenDay, Text: System.Text.Encoding.UTF8.GetString(encoded.Detail ?? []))))
            .Where(each => each.Entry.At >= from && each.Entry.At < until && each.Text.Contains(code, StringComparison.Ordinal))
            .OrderBy(each => each.Entry.Detail is PaymentTerms terms ? terms.Payment : each.Entry.Operation).ThenBy(each => each.Entry.Operation).ThenBy(each => each.Entry.Leg)
            .Select(each => (each.Entry, each.OpenDay)).ToAsyncEnumerable();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
