namespace Gongji.Simulation.Oracle;

/// <summary>An account with every version it ever had.</summary>
internal sealed class ModelAccount
{
    public ModelAccount(string person) => Person = person;

    public string Person { get; }

    /// <summary>Indexed by version; the first one precedes any entry.</summary>
    public List<ModelVersion> Versions { get; } = [ModelVersion.None];

    public List<Entry> Entries { get; } = [];

    /// <summary>Transfers given, by recipient.</summary>
    public Dictionary<string, List<ModelTransfer>> GivenTo { get; } = [];

    public ModelVersion Current => Versions[^1];

    /// <summary>
    /// The latest version that some answer has revealed. Later versions may be durable without anybody knowing yet, for example when a silo that was
    /// declared dead wrote them; an answer that ignores them is still consistent with some order of commands.
    /// </summary>
    public int Observed { get; private set; }

    public void Observe(Entry? entry)
    {
        if (entry is not null)
        {
            Observe(entry.Version);
        }
    }

    public void Observe(long version) => Observed = Math.Max(Observed, (int)version);

    /// <summary>The least amount over all versions from a given one on.</summary>
    public long LeastFrom(int from, Func<ModelVersion, long> amountOf)
    {
        long least = amountOf(Versions[from]);
        for (int i = from + 1; i < Versions.Count; i++)
        {
            least = Math.Min(least, amountOf(Versions[i]));
        }

        return least;
    }

    /// <summary>Whether every version from a given one on satisfies a condition.</summary>
    public bool WasAlways(int from, Func<ModelVersion, bool> so) => !WasEver(from, version => !so(version));

    /// <summary>Whether some version from a given one on satisfies a condition.</summary>
    public bool WasEver(int from, Func<ModelVersion, bool> so)
    {
        for (int i = Versions.Count - 1; i >= from; i--)
        {
            if (so(Versions[i]))
            {
                return true;
            }
        }

        return false;
    }
}
