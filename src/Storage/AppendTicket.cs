namespace Gongji.Storage;

/// <summary>
/// The caller's handle to a queued entry. The caller can wait for its outcome, or queue an entry of another account to follow it: that entry is then
/// written with it, after it, or not at all. Valid only in the process, and for the journal, that gave it out.
/// </summary>
public class AppendTicket
{
    private static readonly Task<AppendOutcome>[] EndedTasks = [.. Enum.GetValues<AppendOutcome>().Select(Task.FromResult)];

    // The outcome plus one; 0 while there is none.
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

    /// <summary>Completes with the outcome. Most tickets are only followed, never waited for, so the task is made when somebody asks for it.</summary>
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

    /// <summary>Ends the ticket, once: a later outcome is ignored.</summary>
    internal virtual void End(AppendOutcome outcome)
    {
        // This is a full fence, as in the getter above: either the getter sees the outcome, or this method sees the waiter.
        if (Interlocked.CompareExchange(ref _ended, (int)outcome + 1, 0) == 0)
        {
            Volatile.Read(ref _waiter)?.TrySetResult(outcome);

            // An account at rest may still hold a ticket, and need not keep the waiter alive with it.
            _waiter = null;
        }
    }
}
