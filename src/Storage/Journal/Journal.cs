using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// The group-commit journal. Its loops are plain async methods that continue on the scheduler that <see cref="StartAsync"/> was called on, and all its
/// time comes from a <see cref="TimeProvider"/>. So it runs unchanged on a deterministic scheduler with virtual time. In production, start it from a
/// thread-pool context, never from a grain.
/// </summary>
public sealed class Journal : IJournal, IAsyncDisposable
{
    /// <summary>The name of the meter for the journals' metrics.</summary>
    public const string MeterName = "Gongji.Journal";

    private readonly JournalPartition[] _partitions;
    private readonly SnapshotQueue _snapshots;
    private readonly JournalMetrics _metrics;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly ILogger _logger;

    /// <summary>Stands for the last entry of any poisoned writer: a ticket that has ended as stale.</summary>
    private readonly AppendTicket _lost;
    private readonly List<Task> _loops = [];
    private bool _started;
    private bool _stopped;
    private bool _disposed;

    /// <param name="store">Where entries become durable; not disposed with the journal.</param>
    /// <param name="options">How the journal works.</param>
    /// <param name="clock">The source of all time.</param>
    /// <param name="logger">Events 1000–1099.</param>
    public Journal(ILedgerStore store, JournalOptions options, TimeProvider clock, ILogger<Journal> logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _logger = logger;
        _metrics = new JournalMetrics(() => QueuedEntries);
        _partitions = [.. Enumerable.Range(0, options.Partitions).Select(index => new JournalPartition(index, store, options, clock, _metrics, logger))];
        _snapshots = new SnapshotQueue(store, clock, logger);
        Ground = new AppendTicket(this, AppendOutcome.Durable);
        _lost = new AppendTicket(this, AppendOutcome.Stale);
    }

    /// <inheritdoc/>
    public AppendTicket Ground { get; }

    /// <inheritdoc/>
    public bool IsHealthy => _started && Array.TrueForAll(_partitions, partition => partition.IsHealthy);

    /// <summary>Entries waiting for their batch, in all partitions.</summary>
    public int QueuedEntries => _partitions.Sum(partition => partition.QueuedEntries);

    /// <summary>Opens a chain per partition and begins to accept entries.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; calling again later is fine.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_started || _stopped)
        {
            throw new InvalidOperationException("A journal starts once.");
        }

        foreach (JournalPartition partition in _partitions)
        {
            await partition.OpenAsync(cancellationToken);
        }

        _started = true;
        _loops.AddRange(_partitions.Select(partition => partition.RunAsync(_ending.Token, _abandon.Token)));
        _loops.Add(_snapshots.RunAsync(_ending.Token, _abandon.Token));
    }

    /// <summary>
    /// Refuses new entries, makes the queued ones durable, then ends. If the token fires first, queued entries end as
    /// <see cref="AppendOutcome.Unavailable"/> and those in flight as <see cref="AppendOutcome.Unknown"/>.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        foreach (JournalPartition partition in _partitions)
        {
            partition.End();
        }

        _snapshots.End();
        Cancel(_ending);
        using (cancellationToken.UnsafeRegister(static abandon => Cancel((CancellationTokenSource)abandon!), _abandon))
        {
            await Task.WhenAll(_loops);
        }

        _logger.JournalStopped();
    }

    /// <inheritdoc/>
    public bool CanFollow(AccountWriter writer, AppendTicket after)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(after);
        return after.Ended == AppendOutcome.Durable || (after is PendingEntry pending && pending.Partition == PartitionOf(writer));
    }

    /// <inheritdoc/>
    public bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!CanFollow(writer, after))
        {
            throw new ArgumentException("The entry to follow is neither durable nor in the same partition.", nameof(after));
        }

        if (writer.Account != entry.Account)
        {
            throw new ArgumentException("The entry is of another account than its writer.", nameof(entry));
        }

        // The detail is encoded here, on the caller's thread: the partition's loop is the bottleneck.
        JournalPartition partition = PartitionOf(writer);
        PendingEntry pending = new(this, partition, writer, entry, EntryDetailCodec.Encode(entry.Detail), after.Ended == AppendOutcome.Durable ? null : (PendingEntry)after);
        bool isQueued = partition.TryPut(pending, out refusal);
        ticket = isQueued ? pending : null;
        return isQueued;
    }

    /// <inheritdoc/>
    public AppendTicket LastOf(AccountWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);

        // The order of these reads matters: a writer is poisoned before its queued entries are forgotten.
        return (AppendTicket?)PartitionOf(writer).LastOf(writer) ?? (writer.IsPoisoned ? _lost : Ground);
    }

    /// <inheritdoc/>
    public int ChainOf(string account) => _partitions[StableHash.Of(account) % (uint)_partitions.Length].Chain;

    /// <inheritdoc/>
    public void OfferSnapshot(AccountSnapshot snapshot) => _snapshots.Offer(snapshot);

    /// <summary>Ends at once, without draining. To drain, call <see cref="StopAsync"/> first.</summary>
    [SuppressMessage("Reliability", "CA2016", Justification = "Disposal abandons by a token that already fired.")]
    public async ValueTask DisposeAsync()
    {
        // A container disposes a service once for each type it is registered under.
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        // This must not wait for the loops: those of a silo that a simulation has killed never end, and a meter keeps alive what its gauge refers to.
        _metrics.Dispose();
        Cancel(_abandon);
        await StopAsync(_abandon.Token);
        _ending.Dispose();
        _abandon.Dispose();
    }

    /// <summary>Not CancelAsync, which goes through the thread pool.</summary>
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private JournalPartition PartitionOf(AccountWriter writer) => _partitions[writer.Hash % (uint)_partitions.Length];
}
