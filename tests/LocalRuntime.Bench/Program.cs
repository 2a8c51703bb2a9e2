using System.Diagnostics;
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

await MeasureAsync("warm-up", 2, index => new ValueTask(references[index].Add(1).AsTask()));
await MeasureAsync("ValueTask<long>, references kept", seconds, async index => await references[index].Add(1));
await MeasureAsync("Task<long>, references kept", seconds, async index => await references[index].AddByTask(1));
await MeasureAsync("ValueTask<long>, GetGrain every time", seconds, async index => await silo.Client.GetGrain<ICounterGrain>(index).Add(1));

async Task MeasureAsync(string name, int duration, Func<int, ValueTask> call)
{
    var calls = new long[callers * 16];
    var stop = false;
    var clock = Stopwatch.StartNew();
    var cpu = Environment.CpuUsage.TotalTime;
    var running = Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
    {
        var index = (uint)caller * 7919u;
        while (!Volatile.Read(ref stop))
        {
            index = unchecked((index * 1664525u) + 1013904223u);
            await call((int)(index % (uint)grains));
            calls[caller * 16]++;
        }
    })).ToArray();
    await Task.Delay(TimeSpan.FromSeconds(duration));
    Volatile.Write(ref stop, true);
    await Task.WhenAll(running);
    var perSecond = calls.Sum() / clock.Elapsed.TotalSeconds;
    var cores = (Environment.CpuUsage.TotalTime - cpu) / clock.Elapsed;
    Print($"{name}: {perSecond:N0} calls/s, {callers} callers, {cores:F2} cores, {cores / perSecond * 1e9:F0} ns of CPU per call, {GC.CollectionCount(0)} collections so far");
}

int Argument(int index, int otherwise) =>
    args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
