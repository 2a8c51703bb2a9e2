namespace Gongji.Simulation.Store;

/// <summary>The entries of one operation.</summary>
public sealed class OperationRow
{
    private readonly Entry?[] _legs = new Entry?[(int)Leg.Outcome + 1];
    private List<Entry>? _more;

    public Entry? this[Leg leg] => _legs[(int)leg];

    /// <summary>Takes an entry in. A second one of a leg, which only a planted bug lets through, is kept beside.</summary>
    public void Add(Entry entry)
    {
        ref Entry? place = ref _legs[(int)entry.Leg];
        if (place is null)
        {
            place = entry;
        }
        else
        {
            (_more ??= []).Add(entry);
        }
    }

    public IReadOnlyList<Entry> ToList()
    {
        List<Entry> entries = new(_legs.Length);
        foreach (Entry? entry in _legs)
        {
            if (entry is not null)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>All of them, second ones too.</summary>
    public IEnumerable<Entry> All() => _legs.OfType<Entry>().Concat(_more ?? []);
}
