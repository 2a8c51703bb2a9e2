using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests.Support;

internal interface IProbeGrain : IGrainWithStringKey
{
    Task<int> Enter(Probe probe, string name);

    [AlwaysInterleave]
    Task Interleave(Probe probe, string name);

    [ReadOnly]
    Task Read(Probe probe, string name);

    ValueTask<int> Instance();

    Task EnterAndDeactivate(Probe probe, string name);

    Task<string> CallBack(Probe probe, string other, bool allowReentrancy);

    Task<string> CallAndReturn(string back);

    Task<string> Echo(string text);

    Task<bool> StaysOnActivation(Probe probe);
}

internal interface IPlainGrain : IProbeGrain;

internal interface IReentrantGrain : IProbeGrain;

internal interface IWorkerGrain : IProbeGrain;

internal abstract class ProbeGrain : Grain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);

    public Task<int> Enter(Probe probe, string name) => PassAsync(probe, name);

    public Task Interleave(Probe probe, string name) => PassAsync(probe, name);

    public Task Read(Probe probe, string name) => PassAsync(probe, name);

    public ValueTask<int> Instance() => new(_instance);

    public async Task EnterAndDeactivate(Probe probe, string name)
    {
        DeactivateOnIdle();
        await PassAsync(probe, name);
    }

    public async Task<string> CallBack(Probe probe, string other, bool allowReentrancy)
    {
        var grain = GrainFactory.GetGrain<IPlainGrain>(other);
        if (!allowReentrancy)
        {
            return await grain.CallAndReturn(this.GetPrimaryKeyString());
        }

        using (RequestContext.AllowCallChainReentrancy())
        {
            return await grain.CallAndReturn(this.GetPrimaryKeyString());
        }
    }

    public Task<string> CallAndReturn(string back) => GrainFactory.GetGrain<IPlainGrain>(back).Echo("back");

    public Task<string> Echo(string text) => Task.FromResult(text);

    public async Task<bool> StaysOnActivation(Probe probe)
    {
        var scheduler = TaskScheduler.Current;
        await probe.Door("stay").Task;
        return scheduler != TaskScheduler.Default && TaskScheduler.Current == scheduler;
    }

    private async Task<int> PassAsync(Probe probe, string name)
    {
        probe.Add($"+{name}");
        probe.RunningMost = Math.Max(probe.RunningMost, ++probe.Running);
        await probe.Door(name).Task;
        probe.Running--;
        probe.Add($"-{name}");
        return _instance;
    }
}

internal sealed class PlainGrain : ProbeGrain, IPlainGrain;

[Reentrant]
internal sealed class ReentrantGrain : ProbeGrain, IReentrantGrain;

[StatelessWorker(2)]
internal sealed class WorkerGrain : ProbeGrain, IWorkerGrain;
