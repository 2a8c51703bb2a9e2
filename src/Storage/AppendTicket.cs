namespace Gongji.Storage;

/// <summary>
/// A queued entry, as whoever queued it holds on to it: its outcome can be waited for, and an entry of another account can be queued to follow
/// it, so that it is written with it or after it or not at all. Good only in the process, and for the journal, that gave it out.
/// </summary>
public class AppendTicket
{
    private static readonly Task<AppendOutcome>[] EndedTasks = [.. Enum.GetValues<AppendOutcome>().Select(Task.FromResult)];

    // One more than the outcome; 0 while there is none.
    private int _ended;
    private TaskCompletionSource<AppendOutcome>? _waiter;

    /// <param name="owner">Tells the journals of a process apart.</param>
    /// <param name="ended">Null: pending.</param>
    public AppendTicket(object owner, AppendOutcome? ended)
    {
        ArgumentNullException.ThrowIfNull(owner);
        Owner = owner;
        _ended = ended is { } outcome ? (int)outcome + 1 : 0;
    }

    /// <summary>The journal that gave it out.</summary>
    public object Owner { get; }

    /// <summary>What became of the entry; null while nobody knows.</summary>
    public AppendOutcome? Ended => Volatile.Read(ref _ended) is > 0 and int ended ? (AppendOutcome)(ended - 1) : null;

    /// <summary>Completes with the outcome. Most tickets are never waited for, only followed: the task is made when somebody asks.</summary>
    public Task<AppendOutcome> Outcome
    {
        get
        {
            if (Ended is { } known)
            {
                return EndedTasks[(int)known];
            }

            // Continuations run asynchronously: a caller's code never runs inside the journal's loop.
            TaskCompletionSource<AppendOutcome> fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<AppendOutcome> waiter = Interlocked.CompareExchange(ref _waiter, fresh, null) ?? fresh;
            if (Ended is { } outcome)
            {
                waiter.TrySetResult(outcome);
            }

            return waiter.Task;
        }
    }

    /// <summary>Ends it, once: a later outcome is not heard.</summary>
    internal virtual void End(AppendOutcome outcome)
    {
        // A full fence, as in the getter above: either it sees the outcome or this sees the waiter.
        if (Interlocked.CompareExchange(ref _ended, (int)outcome + 1, 0) == 0)
        {
            Volatile.Read(ref _waiter)?.TrySetResult(outcome);

            // An account at rest keeps its last ticket, and need not keep what somebody waited with.
            _waiter = null;
        }
    }
}
