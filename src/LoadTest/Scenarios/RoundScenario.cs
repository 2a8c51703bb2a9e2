namespace Gongji.LoadTest;

/// <summary>A closed loop that is measured in rounds, others between.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Load">What is done.</param>
/// <param name="Callers">By how many at once.</param>
internal sealed record RoundScenario(string Name, ILoad Load, int Callers);
