using System.Globalization;
using Gongji.LocalRuntime;
using Gongji.LocalRuntime.Bench;

// Prints awaited calls per second from concurrent callers outside of grains, and the memory of an active grain.
// Arguments: seconds, callers, grains.
var seconds = Argument(0, 5);
var callers = Argument(1, 64);
var grains = Argument(2, 10_000);

var cluster = new LocalCluster();
var silo = cluster.AddSilo("bench");
var references = new ICounterGrain[grains];
var before = GC.GetTotalMemory(forceFullCollection: true);
for (var i = 0; i < grains; i++)
{
    references[i] = silo.Client.GetGrain<ICounterGrain>(i);
    await references[i].Add(1);
}

var perGrain = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)grains;
Print($"{grains} active grains, {perGrain:F0} bytes each with their references, server GC {System.Runtime.GCSettings.IsServerGC}");

await MeasureAsync("ValueTask<long>, references kept", async caller =>
{
    while (caller.Next() is >= 0 and var index) await references[index].Add(1);
});
await MeasureAsync("Task<long>, references kept", async caller =>
{
    while (caller.Next() is >= 0 and var index) await references[index].AddByTask(1);
});
await MeasureAsync("ValueTask<long>, GetGrain every time", async caller =>
{
    while (caller.Next() is >= 0 and var index) await silo.Client.GetGrain<ICounterGrain>(index).Add(1);
});

async Task MeasureAsync(string name, Func<Caller, Task> callAsync)
{
    // Warms up until the JIT compiler is done.
    await RunAsync(callAsync, 2);
    var allocated = GC.GetTotalAllocatedBytes();
    var paused = GC.GetTotalPauseDuration();
    var started = TimeProvider.System.GetTimestamp();
    var cpu = Environment.CpuUsage.TotalTime;
    var calls = await RunAsync(callAsync, seconds);
    var elapsed = TimeProvider.System.GetElapsedTime(started);
    var perSecond = calls / elapsed.TotalSeconds;
    var cores = (Environment.CpuUsage.TotalTime - cpu) / elapsed;
    Print($"{name}: {perSecond:N0} calls/s, {callers} callers, {cores:F2} cores, {cores / perSecond * 1e9:F0} ns of CPU and {(GC.GetTotalAllocatedBytes() - allocated) / (double)calls:F0} bytes per call, {(GC.GetTotalPauseDuration() - paused) / elapsed:P1} collecting");
}

async Task<long> RunAsync(Func<Caller, Task> callAsync, int duration)
{
    var all = Enumerable.Range(0, callers).Select(number => new Caller(number, grains)).ToArray();
    var running = Array.ConvertAll(all, caller => Task.Run(() => callAsync(caller)));
    await Task.Delay(TimeSpan.FromSeconds(duration), TimeProvider.System);
    Array.ForEach(all, caller => caller.Stop());
    await Task.WhenAll(running);
    return all.Sum(caller => caller.Calls);
}

int Argument(int index, int otherwise) =>
    args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
