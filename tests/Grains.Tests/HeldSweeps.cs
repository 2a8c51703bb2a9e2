using System.Reflection;
using System.Threading.Channels;
using Orleans;

namespace Gongji.Grains.Tests;

/// <summary>A grain factory whose sweeper answers when a test says so. One class is the factory and the grain.</summary>
public class HeldSweeps : DispatchProxy
{
    private Channel<TaskCompletionSource<bool>> _calls = Channel.CreateUnbounded<TaskCompletionSource<bool>>();

    public IGrainFactory Grains => (IGrainFactory)(object)this;

    public static HeldSweeps Create() => (HeldSweeps)(object)Create<IGrainFactory, HeldSweeps>();

    /// <summary>The next call; complete it to answer. Whoever made it has done with the one before.</summary>
    public ValueTask<TaskCompletionSource<bool>> NextAsync() => _calls.Reader.ReadAsync();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IHoldSweeperGrain.SweepAsync))
        {
            TaskCompletionSource<bool> call = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _calls.Writer.TryWrite(call);
            return call.Task;
        }

        IHoldSweeperGrain sweeper = Create<IHoldSweeperGrain, HeldSweeps>();
        ((HeldSweeps)(object)sweeper)._calls = _calls;
        return sweeper;
    }
}
