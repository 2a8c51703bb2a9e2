namespace Gongji.Simulation.Workload;

/// <summary>Something that clients do.</summary>
/// <param name="Name">For the trace.</param>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="RunAsync">Does it once, with the client's retries, and has every answer judged.</param>
internal sealed record Operation(string Name, double Weight, Func<Client, Task> RunAsync);
