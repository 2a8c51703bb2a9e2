using System.Runtime.InteropServices;

namespace Gongji.Grains;

/// <summary>
/// Runs one piece of work at a time for each operation id, on one reentrant grain. A repeat that arrives while the first call is under way waits
/// for it and then finds its result in the ledger, instead of racing it there. Holds only what is in flight. Thread-safe.
/// </summary>
internal sealed class OneAtATime
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, TaskCompletionSource?> _inFlight = [];

    /// <summary>Waits until nothing else is under way for the id. The caller must then call <see cref="Leave"/>.</summary>
    /// <returns>Whether the caller had to wait for another one.</returns>
    public ValueTask<bool> EnterAsync(Guid id) => TryEnter(id) is { } other ? new ValueTask<bool>(WaitAsync(id, other)) : new ValueTask<bool>(false);

    /// <summary>Lets the next one enter.</summary>
    public void Leave(Guid id)
    {
        TaskCompletionSource? waitedFor;
        lock (_gate)
        {
            _inFlight.Remove(id, out waitedFor);
        }

        waitedFor?.SetResult();
    }

    /// <summary>Runs the work when nothing else is under way for the id.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="work">The work; its argument says whether it had to wait for another caller.</param>
    public async Task<T> RunAsync<T>(Guid id, Func<bool, Task<T>> work)
    {
        bool isRepeated = await EnterAsync(id);
        try
        {
            return await work(isRepeated);
        }
        finally
        {
            Leave(id);
        }
    }

    /// <summary>Enters and returns null; or returns a task that ends when the current holder leaves. The first waiter creates that task, since almost nobody ever waits.</summary>
    private Task? TryEnter(Guid id)
    {
        lock (_gate)
        {
            ref TaskCompletionSource? done = ref CollectionsMarshal.GetValueRefOrAddDefault(_inFlight, id, out bool isTaken);
            return isTaken ? (done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
        }
    }

    private async Task<bool> WaitAsync(Guid id, Task other)
    {
        for (Task? next = other; next is not null; next = TryEnter(id))
        {
            await next;
        }

        return true;
    }
}
