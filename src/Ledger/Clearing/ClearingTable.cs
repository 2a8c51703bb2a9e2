namespace Gongji.Ledger;

/// <summary>What one region came to owe another.</summary>
/// <param name="From">The region that owes.</param>
/// <param name="To">The region that it owes.</param>
/// <param name="Sum">The count and the amount.</param>
public readonly record struct PairFigure(RegionCode From, RegionCode To, DeltaSum Sum);

/// <summary>What one side owes another on a level of the clearing; amounts in fen.</summary>
/// <param name="From">The side that owes: a region, or the two digits of a province.</param>
/// <param name="To">The side that it owes.</param>
/// <param name="GrossFen">The whole debt.</param>
/// <param name="NetFen">What remains when the other side's debt is deducted; never negative.</param>
public readonly record struct LevelFigure(int From, int To, long GrossFen, long NetFen);

/// <summary>
/// The clearing of some days, summed from deltas: between provinces (国家级清算) and between the regions of a province (省级清算). It does not include
/// money that stays inside a region.
/// </summary>
public sealed class ClearingTable
{
    private readonly SortedDictionary<(int From, int To), DeltaSum> _pairs = [];

    /// <summary>The activities that make regions owe each other.</summary>
    public static bool IsCleared(Activity activity) => activity != Activity.Settlement && Escrow.Activities.Contains(activity);

    /// <summary>Adds up the deltas of the days in question.</summary>
    public static ClearingTable Of(IEnumerable<KeyValuePair<DeltaKey, DeltaSum>> deltas)
    {
        ClearingTable table = new();
        foreach ((DeltaKey key, DeltaSum sum) in deltas)
        {
            if (IsCleared(key.Activity) && key.From != key.To)
            {
                (int, int) pair = (key.From.Value, key.To.Value);
                table._pairs[pair] = table._pairs.GetValueOrDefault(pair) + sum;
            }
        }

        // Refunds of payments of other days can make a sum negative. They are then owed the other way round, since nobody owes less than nothing.
        foreach (((int from, int to), DeltaSum sum) in table._pairs.Where(pair => pair.Value.AmountFen < 0).ToArray())
        {
            table._pairs[(from, to)] += new DeltaSum(0, checked(-sum.AmountFen));
            table._pairs[(to, from)] = table._pairs.GetValueOrDefault((to, from)) + new DeltaSum(0, checked(-sum.AmountFen));
        }

        // A pair that owes nothing is left out: nobody has to sign for it or gets a notice. It arises when a person without money moves, or all that was paid went back the same day.
        foreach ((int, int) pair in table._pairs.Where(pair => pair.Value.AmountFen == 0).Select(pair => pair.Key).ToArray())
        {
            table._pairs.Remove(pair);
        }

        return table;
    }

    /// <summary>A table for each day.</summary>
    public static IReadOnlyDictionary<DateOnly, ClearingTable> ByDay(IEnumerable<KeyValuePair<DeltaKey, DeltaSum>> deltas) =>
        deltas.GroupBy(delta => delta.Key.Day).ToDictionary(day => day.Key, Of);

    /// <summary>What each region has to pay to others in total, in fen; regions that have nothing to pay are left out.</summary>
    public IEnumerable<KeyValuePair<RegionCode, long>> DebtsFen(ClearingBasis basis) => Pairs
        .Select(pair => KeyValuePair.Create(pair.From, OwedFen(pair.From, pair.To, basis)))
        .Where(debt => debt.Value > 0);

    /// <summary>Every pair of regions in which the first owes the second something, ordered by code.</summary>
    public IReadOnlyList<PairFigure> Pairs =>
        [.. _pairs.Select(pair => new PairFigure(RegionCode.FromValue(pair.Key.From), RegionCode.FromValue(pair.Key.To), pair.Value))];

    /// <summary>Between provinces.</summary>
    public IReadOnlyList<LevelFigure> National => Level(pair => pair.From.Province != pair.To.Province, region => region.Province);

    /// <summary>Between the regions of each province.</summary>
    public IReadOnlyList<LevelFigure> Provincial => Level(pair => pair.From.Province == pair.To.Province, region => region.Value);

    /// <summary>What a region has to pay another, in fen.</summary>
    public long OwedFen(RegionCode from, RegionCode to, ClearingBasis basis)
    {
        long owedFen = GrossFen(from, to);
        return basis == ClearingBasis.Gross ? owedFen : Math.Max(0, checked(owedFen - GrossFen(to, from)));
    }

    private long GrossFen(RegionCode from, RegionCode to) => _pairs.GetValueOrDefault((from.Value, to.Value)).AmountFen;

    private List<LevelFigure> Level(Func<PairFigure, bool> belongs, Func<RegionCode, int> sideOf)
    {
        SortedDictionary<(int From, int To), long> grossFen = [];
        foreach (PairFigure pair in Pairs.Where(belongs))
        {
            (int, int) sides = (sideOf(pair.From), sideOf(pair.To));
            grossFen[sides] = checked(grossFen.GetValueOrDefault(sides) + pair.Sum.AmountFen);
        }

        return
        [
            .. grossFen.Select(pair => new LevelFigure(
                pair.Key.From, pair.Key.To, pair.Value, Math.Max(0, checked(pair.Value - grossFen.GetValueOrDefault((pair.Key.To, pair.Key.From)))))),
        ];
    }
}
