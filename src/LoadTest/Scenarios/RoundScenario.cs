namespace Gongji.LoadTest;

/// <summary>A closed loop that is measured in rounds, interleaved with others.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Load">Makes the load of each round, with the recorder of that round.</param>
/// <param name="Callers">The number of callers.</param>
internal sealed record RoundScenario(string Name, Func<Recorder, ILoad> Load, int Callers)
{
    /// <summary>A scenario with the same load in every round.</summary>
    public RoundScenario(string name, ILoad load, int callers)
        : this(name, _ => load, callers)
    {
    }
}
