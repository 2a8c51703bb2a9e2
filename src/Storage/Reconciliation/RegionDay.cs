using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What moved in and out of one region on one day, in one consistent view of the ledger.</summary>
public sealed class RegionDay : IAsyncDisposable
{
    private readonly ILedgerScan _scan;

    private RegionDay(ILedgerScan scan, RegionCode region, DateOnly day) => (_scan, Region, Day) = (scan, region, day);

    public RegionCode Region { get; }

    public DateOnly Day { get; }

    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task<RegionDay> OpenAsync(ILedgerStore store, RegionCode region, DateOnly day, CancellationToken cancellationToken) =>
        new(await store.OpenScanAsync(cancellationToken).ConfigureAwait(false), region, day);

    /// <summary>Every movement, by id. Constant memory: the store sorts, on disk if need be.</summary>
    public async IAsyncEnumerable<Movement> MovementsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (DateTimeOffset from, DateTimeOffset until) = Movement.TimesOf(Day);
        await foreach ((Entry entry, DateOnly openDay) in _scan.NamingAsync(Region.ToString(), from, until, cancellationToken).ConfigureAwait(false))
        {
            foreach (Movement movement in Movement.Of(entry, openDay))
            {
                if (movement.Concerns(Region, Day))
                {
                    yield return movement;
                }
            }
        }
    }

    /// <summary>What the deltas say of the same day: the ledger's own sums, made when the entries were made.</summary>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) => _scan.DeltasAsync(Region, Day, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _scan.DisposeAsync();
}
