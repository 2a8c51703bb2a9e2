namespace Gongji.Grains;

/// <summary>
/// Lets one thing happen at a time to each operation id, on one reentrant grain: a repeat that arrives while the first is under way waits
/// for it, and then finds it in the ledger, instead of racing it there. Holds only what is in flight. Runs on its grain's turns only.
/// </summary>
internal sealed class OneAtATime
{
    private readonly Dictionary<Guid, TaskCompletionSource?> _inFlight = [];

    /// <summary>Waits until nothing else is under way for the id; whoever enters leaves again with <see cref="Leave"/>.</summary>
    /// <returns>Whether it had to wait for another.</returns>
    public ValueTask<bool> EnterAsync(Guid id) =>
        // Almost nobody ever waits: what to wait for is made by the first who does.
        _inFlight.TryAdd(id, null) ? new ValueTask<bool>(false) : new ValueTask<bool>(WaitAsync(id));

    /// <summary>Lets the next one enter.</summary>
    public void Leave(Guid id)
    {
        _inFlight.Remove(id, out TaskCompletionSource? waitedFor);
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

    private async Task<bool> WaitAsync(Guid id)
    {
        while (_inFlight.TryGetValue(id, out TaskCompletionSource? done))
        {
            if (done is null)
            {
                _inFlight[id] = done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await done.Task;
        }

        _inFlight.Add(id, null);
        return true;
    }
}
