using Orleans;

namespace Gongji.Grains.Tests;

/// <summary>Calls persons, and keeps one of the calls back when a test asks for it.</summary>
/// <param name="grains">Reaches the grains of persons.</param>
internal sealed class HeldCalls(IGrainFactory grains) : LocalPersons(grains)
{
    private TaskCompletionSource _reached = new();
    private TaskCompletionSource _released = new();
    private int _left;

    /// <summary>Keeps the next call but <paramref name="others"/> back, until <see cref="Release"/>.</summary>
    /// <returns>A task that completes when the call is kept back.</returns>
    public Task Hold(int others)
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, others + 1);
        return _reached.Task;
    }

    /// <summary>Lets the call go on. A call that has not come yet is not kept back any more.</summary>
    public void Release()
    {
        Volatile.Write(ref _left, 0);
        _released.TrySetResult();
    }

    protected internal override Task? LetOthersCome()
    {
        if (Volatile.Read(ref _left) <= 0 || Interlocked.Decrement(ref _left) != 0)
        {
            return null;
        }

        _reached.SetResult();
        return _released.Task;
    }
}
