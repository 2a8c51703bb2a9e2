using System.Runtime.InteropServices;

namespace Gongji.Grains;

/// <summary>
/// Lets one thing happen at a time to each operation id, on one reentrant grain: a repeat that arrives while the first is under way waits
/// for it, and then finds it in the ledger, instead of racing it there. Holds only what is in flight. Thread-safe.
/// </summary>
internal sealed class OneAtATime
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, TaskCompletionSource?> _inFlight = [];

    /// <summary>Waits until nothing else is under way for the id; whoever enters leaves again with <see cref="Leave"/>.</summary>
    /// <returns>Whether it had to wait for another.</returns>
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

    /// <summary>Does the work when nothing else is under way for the id.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="work">Told whether it had to wait for another.</param>
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

    /// <summary>Enters; or else what ends with the one who is there, which the first who waits for them makes, since almost nobody ever does.</summary>
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
