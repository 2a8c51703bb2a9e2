namespace Gongji.Ledger.Audit;

/// <summary>Counts what was checked of one invariant and collects its violations. Not thread-safe.</summary>
public sealed class InvariantCheck(int number, string name, string unit)
{
    /// <summary>How many violations are kept as text; later ones are only counted, so that memory stays bounded on a wrecked store.</summary>
    public const int TextsMax = 20;

    private readonly List<string> _texts = [];

    public long Checked { get; private set; }

    public long ViolationCount { get; private set; }

    /// <summary>Notes that more were checked.</summary>
    public void Count(long more = 1) => Checked += more;

    /// <summary>Notes a violation.</summary>
    /// <param name="text">Where it is, what was expected and what is there.</param>
    public void Violate(string text)
    {
        ViolationCount++;
        if (_texts.Count < TextsMax)
        {
            _texts.Add(text);
        }
    }

    /// <summary>Adds what another check of the same invariant counted and collected.</summary>
    public void Add(InvariantCheck other)
    {
        Checked += other.Checked;
        ViolationCount += other.ViolationCount;
        _texts.AddRange(other._texts.Take(TextsMax - _texts.Count));
    }

    public InvariantReport ToReport() => new(name, number, unit, Checked, ViolationCount, [.. _texts]);
}
