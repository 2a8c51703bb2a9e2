namespace Gongji.Simulation.Oracle;

/// <summary>An account: every version it ever had.</summary>
internal sealed class ModelAccount
{
    public ModelAccount(string person) => Person = person;

    public string Person { get; }

    /// <summary>By version; the first one is before any entry.</summary>
    public List<ModelVersion> Versions { get; } = [ModelVersion.None];

    public List<Entry> Entries { get; } = [];

    /// <summary>Transfers given, by recipient.</summary>
    public Dictionary<string, List<ModelTransfer>> GivenTo { get; } = [];

    public ModelVersion Current => Versions[^1];

    /// <summary>
    /// The latest version that some answer has told of. What is durable beyond it nobody knows yet (a silo that was given up may have
    /// written it), so an answer that ignores it is still one that an order of commands allows.
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

    /// <summary>The least that versions from one on had of something.</summary>
    public long LeastFrom(int from, Func<ModelVersion, long> amountOf)
    {
        long least = amountOf(Versions[from]);
        for (int i = from + 1; i < Versions.Count; i++)
        {
            least = Math.Min(least, amountOf(Versions[i]));
        }

        return least;
    }

    /// <summary>Whether every version from one on was so.</summary>
    public bool WasAlways(int from, Func<ModelVersion, bool> so) => !WasEver(from, version => !so(version));

    /// <summary>Whether some version from one on was so.</summary>
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
