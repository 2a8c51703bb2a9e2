namespace Gongji.LoadTest;

/// <summary>A closed loop that is measured in rounds, others between.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Load">What is done: asked for in each round, with the recorder of that round.</param>
/// <param name="Callers">By how many at once.</param>
internal sealed record RoundScenario(string Name, Func<Recorder, ILoad> Load, int Callers)
{
    /// <summary>The same load in every round.</summary>
    public RoundScenario(string name, ILoad load, int callers)
        : this(name, _ => load, callers)
    {
    }
}
