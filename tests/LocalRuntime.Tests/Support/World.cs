using Orleans;
using Orleans.Hosting;

namespace Gongji.LocalRuntime.Tests.Support;

/// <summary>A cluster on one thread, with a clock that stands still: only what a test asks for happens.</summary>
internal sealed class World
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public World(int seed = 1, int silos = 1, Action<ISiloBuilder>? configure = null, Action<LocalClusterOptions>? options = null)
    {
        Executor = new SeededExecutor(seed);
        var clusterOptions = new LocalClusterOptions { Executor = Executor, TimeProvider = Time, PlacementRandom = new Random(seed) };
        options?.Invoke(clusterOptions);
        Cluster = new LocalCluster(clusterOptions);
        for (var i = 0; i < silos; i++)
        {
            Cluster.AddSilo($"s{i}", configure);
        }
    }

    public SeededExecutor Executor { get; }

    public ManualTime Time { get; } = new();

    public LocalCluster Cluster { get; }

    public LocalSilo Silo => Cluster.Silos[0];

    public T Get<T>(string key)
        where T : IGrainWithStringKey => Cluster.Client.GetGrain<T>(key);

    /// <summary>Starts a client's work, which proceeds whenever the world runs.</summary>
    public Task<T> Start<T>(Func<Task<T>> work)
    {
        var task = Task.Factory.StartNew(async () => await work(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Executor.Scheduler).Unwrap();
        Executor.Run();
        return task;
    }

    public Task Start(Func<Task> work) => Start(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Runs a client's work to its end, without moving the clock.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        return Done(Start(work));
    }

    /// <summary>The result of a task that must have completed by now.</summary>
    public static T Done<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted, "The work waits for something that never comes.");
        return task.GetAwaiter().GetResult();
    }

    public static void Done(Task task)
    {
        Assert.True(task.IsCompleted, "The work waits for something that never comes.");
        task.GetAwaiter().GetResult();
    }

    public void Run(Func<Task> work) => Run(async () =>
    {
        await work();
        return true;
    });

    public void Advance(TimeSpan by) => Time.Advance(by, () => Executor.Run());

    /// <summary>Lets the clock run until the task has completed.</summary>
    public T Await<T>(Task<T> task, int secondsMax = 600)
    {
        for (var i = 0; i < secondsMax && !task.IsCompleted; i++)
        {
            Advance(Step);
        }

        Assert.True(task.IsCompleted, $"The work was not done after {secondsMax} s.");
        return task.GetAwaiter().GetResult();
    }
}

/// <summary>Shared by a test and its grains: a record of what happened, and doors that the test opens. Grains get it by reference.</summary>
internal sealed class Probe
{
    private readonly Dictionary<string, TaskCompletionSource> _doors = [];

    public List<string> Log { get; } = [];

    public int Running { get; set; }

    public int RunningMost { get; set; }

    public void Add(string line)
    {
        lock (Log)
        {
            Log.Add(line);
        }
    }

    public TaskCompletionSource Door(string name)
    {
        lock (_doors)
        {
            if (!_doors.TryGetValue(name, out var door))
            {
                _doors.Add(name, door = new TaskCompletionSource());
            }

            return door;
        }
    }

    public void Open(string name) => Door(name).SetResult();
}
