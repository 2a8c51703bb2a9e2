using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>
/// Audits a store: reads the whole ledger in one consistent view, in several orders at the same time, and checks every invariant. Its memory hardly grows
/// with entries. It grows with what is summed (days × pairs of regions between which money moved) and with chains, one for each start of a process.
/// Changes nothing; safe beside writers.
/// </summary>
/// <param name="capsFen">Caps that regions should have whatever the store says: the most a region may owe others net, in fen.</param>
/// <param name="noted">Heads of an earlier audit of the same ledger, which must still be in it.</param>
public sealed class LedgerAuditor(IReadOnlyDictionary<RegionCode, long>? capsFen = null, LedgerHeads? noted = null)
{
    /// <summary>Entries that a pass reads between two reports of progress.</summary>
    public const int EntriesPerProgress = 16_384;

    /// <summary>Runs the audit.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="progress">
    /// Told how many entries all passes have read so far: at the end about three times the number of entries. Called from several threads, one at a time.
    /// </param>
    /// <param name="cancellationToken">Stops the audit, without a report.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read. Content that cannot be decoded is a violation instead.</exception>
    public async Task<AuditReport> RunAsync(ILedgerStore store, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ILedgerScan scan = await store.OpenScanAsync(cancellationToken).ConfigureAwait(false);
        await using (scan.ConfigureAwait(false))
        {
            Run run = new(scan, new LedgerAudit(capsFen, noted), progress);
            foreach (MissingGuard missing in await scan.MissingGuardsAsync(cancellationToken).ConfigureAwait(false))
            {
                run.Audit.AddMissing(missing);
            }

            await run.PassesAsync(cancellationToken).ConfigureAwait(false);
            return run.Audit.Complete();
        }
    }

    /// <summary>One audit under way.</summary>
    private sealed class Run(ILedgerScan scan, LedgerAudit audit, IProgress<long>? progress)
    {
        private readonly Lock _gate = new();
        private long _read;

        public LedgerAudit Audit => audit;

        /// <summary>Runs all passes, at the same time where the scan allows it.</summary>
        public async Task PassesAsync(CancellationToken cancellationToken)
        {
            using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAll(
                PassAsync(AuditPass.Accounts, ReadAccountsAsync, ending),
                PassAsync(AuditPass.Transfers, ReadTransfersAsync, ending),
                PassBatchesAsync()).ConfigureAwait(false);

            async Task PassBatchesAsync()
            {
                await PassAsync(AuditPass.Batches, ReadBatchesAsync, ending).ConfigureAwait(false);
                await PassAsync(AuditPass.Deltas, ReadDeltasAsync, ending).ConfigureAwait(false);
            }
        }

        /// <summary>Runs one pass. When the store cannot be read any more, ends the other passes too.</summary>
        private async Task PassAsync(AuditPass pass, Func<CancellationToken, Task> read, CancellationTokenSource ending)
        {
            try
            {
                await read(ending.Token).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                await ending.CancelAsync().ConfigureAwait(false);
                throw;
            }
            catch (Exception exception) when (Undecodable.Is(exception))
            {
                audit.Stop(pass, exception.Message);
            }
        }

        /// <summary>Merges entries with snapshots; both come by account.</summary>
        private async Task ReadAccountsAsync(CancellationToken cancellationToken)
        {
            IAsyncEnumerator<AccountSnapshot> snapshots = scan.SnapshotsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (snapshots.ConfigureAwait(false))
            {
                AccountSnapshot? next = await NextAsync(snapshots).ConfigureAwait(false);
                int read = 0;
                await foreach ((Entry entry, DateOnly openDay) in scan.ByAccountAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (next?.Account == entry.Account)
                    {
                        audit.Snapshots.Begin(next.Account, next.Version, next.State);
                        next = await NextAsync(snapshots).ConfigureAwait(false);
                    }

                    audit.Snapshots.Add(entry);
                    audit.Accounts.Add(entry, openDay);
                    Progress(ref read, 1);
                }

                for (; next is not null; next = await NextAsync(snapshots).ConfigureAwait(false))
                {
                    audit.Snapshots.Begin(next.Account, next.Version, next.State);
                }
            }

            audit.Snapshots.Complete();
            audit.Accounts.Complete();
            audit.Accounts.Clearing.CheckOpenDay(await scan.OpenDayAsync(cancellationToken).ConfigureAwait(false));
        }

        /// <summary>Merges the transfers that are open with the index of open holds; both come by operation.</summary>
        private async Task ReadTransfersAsync(CancellationToken cancellationToken)
        {
            IAsyncEnumerator<OpenTransfer> open = OpenTransfersAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (open.ConfigureAwait(false))
            {
                IAsyncEnumerator<StoredHold> index = scan.HoldsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                await using (index.ConfigureAwait(false))
                {
                    OpenTransfer? left = await NextAsync(open).ConfigureAwait(false);
                    OpenTransfer? right = await NextAsync(index).ConfigureAwait(false);
                    while (left is not null || right is not null)
                    {
                        int order = audit.HoldIndex.Match(left, right);
                        left = order <= 0 ? await NextAsync(open).ConfigureAwait(false) : left;
                        right = order >= 0 ? await NextAsync(index).ConfigureAwait(false) : right;
                    }
                }
            }
        }

        private async Task ReadBatchesAsync(CancellationToken cancellationToken)
        {
            int read = 0;
            await foreach (StoredBatch batch in scan.ByBatchAsync(cancellationToken).ConfigureAwait(false))
            {
                Add(batch);
                Progress(ref read, batch.Entries.Count);
            }
        }

        private void Add(StoredBatch batch)
        {
            if (batch.IsThere)
            {
                audit.AddBatch(
                    batch.Chain, batch.Sequence, batch.PreviousHash, batch.Hash, batch.EntryCount, [.. batch.Entries.Select(entry => (entry.Entry, entry.Detail))],
                    batch.OpenDay, batch.OpenBefore);
                return;
            }

            foreach (EncodedEntry orphan in batch.Entries)
            {
                audit.AddOrphan(orphan.Entry);
            }
        }

        private async Task ReadDeltasAsync(CancellationToken cancellationToken)
        {
            await foreach ((DeltaKey key, DeltaSum sum) in scan.DeltasAsync(cancellationToken).ConfigureAwait(false))
            {
                audit.AddDelta(key, sum);
            }

            await foreach (EscrowCap cap in scan.CapsAsync(cancellationToken).ConfigureAwait(false))
            {
                audit.Deltas.AddCap(cap.Region, cap.CapFen, cap.DebtFen);
            }

            await foreach (StoredSlice slice in scan.SlicesAsync(cancellationToken).ConfigureAwait(false))
            {
                audit.Deltas.AddSlice(slice.Region, slice.Chain, slice.GrantedFen, slice.UsedFen);
            }
        }

        private async IAsyncEnumerable<OpenTransfer> OpenTransfersAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            int read = 0;
            await foreach (Entry entry in scan.ByOperationAsync(cancellationToken).ConfigureAwait(false))
            {
                Progress(ref read, 1);
                foreach (OpenTransfer open in audit.Transfers.Add(entry))
                {
                    yield return open;
                }
            }

            foreach (OpenTransfer open in audit.Transfers.Complete())
            {
                yield return open;
            }
        }

        /// <param name="read">What the pass has read since it last reported.</param>
        /// <param name="entries">How many more.</param>
        private void Progress(ref int read, int entries)
        {
            read += entries;
            if (read >= EntriesPerProgress)
            {
                lock (_gate)
                {
                    _read += read;
                    progress?.Report(_read);
                }

                read = 0;
            }
        }

        private static async ValueTask<AccountSnapshot?> NextAsync(IAsyncEnumerator<AccountSnapshot> snapshots) =>
            await snapshots.MoveNextAsync().ConfigureAwait(false) ? snapshots.Current : null;

        private static async ValueTask<OpenTransfer?> NextAsync(IAsyncEnumerator<OpenTransfer> open) =>
            await open.MoveNextAsync().ConfigureAwait(false) ? open.Current : null;

        private static async ValueTask<OpenTransfer?> NextAsync(IAsyncEnumerator<StoredHold> index) =>
            await index.MoveNextAsync().ConfigureAwait(false)
                ? new OpenTransfer(index.Current.Operation, index.Current.Leg, index.Current.Account, index.Current.HeldAt, index.Current.ExpiresAt, index.Current.AutoAccept)
                : null;
    }
}
