namespace Gongji.Simulation.Workload;

/// <summary>An operation of the workload.</summary>
/// <param name="Name">Its name in the trace.</param>
/// <param name="Weight">Its frequency relative to the others.</param>
/// <param name="RunAsync">Does it once, with the client's retries, and has every answer judged.</param>
internal sealed record Operation(string Name, double Weight, Func<Client, Task> RunAsync);
