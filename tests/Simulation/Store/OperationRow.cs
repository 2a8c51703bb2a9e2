namespace Gongji.Simulation.Store;

/// <summary>The entries of one operation.</summary>
public sealed class OperationRow
{
    private readonly Entry?[] _legs = new Entry?[(int)Leg.Outcome + 1];
    private SortedDictionary<Leg, Entry>? _parts;
    private List<Entry>? _more;

    public Entry? this[Leg leg] => leg <= Leg.Outcome ? _legs[(int)leg] : _parts?.GetValueOrDefault(leg);

    /// <summary>Adds an entry. A second entry of the same leg, which only a planted bug lets through, is kept separately.</summary>
    public void Add(Entry entry)
    {
        if (this[entry.Leg] is not null)
        {
            (_more ??= []).Add(entry);
        }
        else if (entry.Leg <= Leg.Outcome)
        {
            _legs[(int)entry.Leg] = entry;
        }
        else
        {
            (_parts ??= []).Add(entry.Leg, entry);
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

        entries.AddRange(_parts?.Values ?? Enumerable.Empty<Entry>());
        return entries;
    }

    /// <summary>All entries, including second ones of a leg.</summary>
    public IEnumerable<Entry> All() => ToList().Concat(_more ?? []);
}
