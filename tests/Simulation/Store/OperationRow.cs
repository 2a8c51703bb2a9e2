namespace Gongji.Simulation.Store;

/// <summary>The entries of one operation.</summary>
public sealed class OperationRow
{
    private readonly Entry?[] _legs = new Entry?[(int)Leg.Outcome + 1];
    private SortedDictionary<Leg, Entry>? _parts;
    private List<Entry>? _more;

    public Entry? this[Leg leg] => leg <= Leg.Outcome ? _legs[(int)leg] : _parts?.GetValueOrDefault(leg);

    /// <summary>Takes an entry in. A second one of a leg, which only a planted bug lets through, is kept beside.</summary>
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

    /// <summary>All of them, second ones too.</summary>
    public IEnumerable<Entry> All() => ToList().Concat(_more ?? []);
}
