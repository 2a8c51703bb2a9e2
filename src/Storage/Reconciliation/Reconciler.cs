using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// Compares our lines with the other side's, both in the order of ids, in one pass. Keeps no more in memory than the lines of one operation, the pairs of
/// regions, and the breaks that were asked for.
/// </summary>
public sealed class Reconciler
{
    private readonly ReconciliationReport _report = new();
    private readonly Dictionary<DeltaKey, DeltaSum> _pairs = [];
    private readonly List<LineBreak> _breaks = [];
    private readonly Guid _after;
    private readonly int _limit;

    private Reconciler(Guid after, int limit) => (_after, _limit) = (after, limit);

    /// <summary>Reads both sides to their end.</summary>
    /// <param name="ours">The region's day.</param>
    /// <param name="theirs">The file.</param>
    /// <param name="after">Breaks with a greater id are named.</param>
    /// <param name="limit">The most breaks to name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task<ReconciliationReport> CompareAsync(RegionDay ours, UploadedLines theirs, Guid after, int limit, CancellationToken cancellationToken)
    {
        Reconciler reconciler = new(after, limit);
        await reconciler.MergeAsync(ByIdAsync(reconciler.CountAsync(ours.MovementsAsync(cancellationToken))), theirs.ByIdAsync(cancellationToken)).ConfigureAwait(false);
        return await reconciler.EndAsync(ours, theirs, cancellationToken).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<(Movement First, long AmountFen)> ByIdAsync(IAsyncEnumerable<Movement> movements)
    {
        (Movement First, long AmountFen)? current = null;
        await foreach (Movement movement in movements.ConfigureAwait(false))
        {
            if (current is { } known && known.First.Id == movement.Id)
            {
                current = (known.First, known.AmountFen + movement.AmountFen);
                continue;
            }

            if (current is { } ended)
            {
                yield return ended;
            }

            current = (movement, movement.AmountFen);
        }

        if (current is { } last)
        {
            yield return last;
        }
    }

    private async IAsyncEnumerable<Movement> CountAsync(IAsyncEnumerable<Movement> movements)
    {
        await foreach (Movement movement in movements.ConfigureAwait(false))
        {
            DeltaSum line = new(1, movement.AmountFen);
            _report.Ours += line;
            _pairs[movement.Key] = _pairs.GetValueOrDefault(movement.Key) + line;
            yield return movement;
        }
    }

    private async Task MergeAsync(IAsyncEnumerable<(Movement First, long AmountFen)> ours, IAsyncEnumerable<(Guid Id, long AmountFen, long Lines)> theirs)
    {
        IAsyncEnumerator<(Movement First, long AmountFen)> our = ours.GetAsyncEnumerator();
        await using (our.ConfigureAwait(false))
        {
            IAsyncEnumerator<(Guid Id, long AmountFen, long Lines)> their = theirs.GetAsyncEnumerator();
            await using (their.ConfigureAwait(false))
            {
                bool hasOurs = await our.MoveNextAsync().ConfigureAwait(false);
                bool hasTheirs = await their.MoveNextAsync().ConfigureAwait(false);
                while (hasOurs || hasTheirs)
                {
                    int order = !hasOurs ? 1 : !hasTheirs ? -1 : our.Current.First.Id.CompareTo(their.Current.Id);
                    Compare(order <= 0 ? our.Current : null, order >= 0 ? (their.Current.Id, their.Current.AmountFen) : null);
                    hasOurs = order <= 0 ? await our.MoveNextAsync().ConfigureAwait(false) : hasOurs;
                    hasTheirs = order >= 0 ? await their.MoveNextAsync().ConfigureAwait(false) : hasTheirs;
                }
            }
        }
    }

    private void Compare((Movement First, long AmountFen)? ours, (Guid Id, long AmountFen)? theirs)
    {
        switch (ours, theirs)
        {
            case ({ } our, null):
                _report.OnlyOurs += new DeltaSum(1, our.AmountFen);
                break;
            case (null, { } their):
                _report.OnlyTheirs += new DeltaSum(1, their.AmountFen);
                break;
            case ({ } our, { } their) when our.AmountFen != their.AmountFen:
                _report.AmountDiffers += new DeltaSum(1, our.AmountFen - their.AmountFen);
                break;
            default:
                return;
        }

        Guid id = ours?.First.Id ?? theirs!.Value.Id;
        if (id <= _after)
        {
            return;
        }

        if (_breaks.Count < _limit)
        {
            _breaks.Add(new LineBreak(id, ours?.AmountFen, theirs?.AmountFen, ours?.First));
        }
        else
        {
            _report.Next = _limit == 0 ? _after : _breaks[^1].Id;
        }
    }

    private async Task<ReconciliationReport> EndAsync(RegionDay ours, UploadedLines theirs, CancellationToken cancellationToken)
    {
        Dictionary<DeltaKey, DeltaSum> ledger = [];
        await foreach ((DeltaKey key, DeltaSum sum) in ours.DeltasAsync(cancellationToken).ConfigureAwait(false))
        {
            if (sum.AmountFen != 0)
            {
                ledger.Add(key, sum);
            }
        }

        _report.Theirs = new DeltaSum(theirs.Count, theirs.AmountFen);
        _report.Breaks = _breaks;
        _report.Pairs =
        [
            .. _pairs.Keys.Union(ledger.Keys)
                .OrderBy(key => key.Activity).ThenBy(key => key.From.Value).ThenBy(key => key.To.Value)
                .Select(key => new PairCheck(key, _pairs.GetValueOrDefault(key), ledger.GetValueOrDefault(key))),
        ];
        return _report;
    }
}
