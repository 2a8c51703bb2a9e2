using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>The debits of regions by one entry, covered by the slices of those regions that have a cap: all of them, or none.</summary>
internal sealed class CappedDebits
{
    private readonly EscrowDesk _desk;
    private readonly int _chain;
    private readonly RegionRulesCache _rules;
    private readonly List<(RegionCode Region, long Fen)> _taken = [];
    private readonly List<RegionCode> _uncapped = [];

    private CappedDebits(EscrowDesk desk, RegionRulesCache rules, int chain) => (_desk, _rules, _chain) = (desk, rules, chain);

    /// <summary>Whether one of the debited regions has no cap as far as this silo knows.</summary>
    public bool HasUncapped => _uncapped.Count > 0;

    /// <summary>Takes what an entry needs; null when one of the regions does not cover it.</summary>
    /// <param name="desk">This silo's desk.</param>
    /// <param name="rules">This silo's rules.</param>
    /// <param name="chain">The chain that the entry goes to.</param>
    /// <param name="debits">The regions to debit, each with its amount in fen.</param>
    /// <exception cref="StoreUnavailableException">Nothing can be leased at present.</exception>
    public static async Task<CappedDebits?> TakeAsync(EscrowDesk desk, RegionRulesCache rules, int chain, IEnumerable<KeyValuePair<RegionCode, long>> debits)
    {
        CappedDebits taken = new(desk, rules, chain);
        bool isCovered = false;
        try
        {
            foreach ((RegionCode region, long fen) in debits)
            {
                if ((await rules.GetAsync(region))?.NetDebitCapFen is null)
                {
                    taken._uncapped.Add(region);
                    continue;
                }

                EscrowTake take = await desk.TakeAsync(region, chain, fen);
                if (take == EscrowTake.Refused)
                {
                    return null;
                }

                if (take == EscrowTake.Taken)
                {
                    taken._taken.Add((region, fen));
                }
            }

            isCovered = true;
            return taken;
        }
        finally
        {
            if (!isCovered)
            {
                taken.End(null);
            }
        }
    }

    /// <summary>Reports the outcome of the entry; null when it was never queued.</summary>
    public void End(AppendOutcome? outcome)
    {
        foreach ((RegionCode region, long fen) in _taken)
        {
            _desk.End(region, _chain, fen, outcome);
        }

        if (outcome == AppendOutcome.OverCap)
        {
            _uncapped.ForEach(_rules.Forget);
        }
    }
}
