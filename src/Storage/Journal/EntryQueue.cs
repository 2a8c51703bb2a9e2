using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// The bounded queue of one partition: many callers put, one loop takes. It uses a short lock and a wake-up signal instead of a channel, so that it works
/// the same on a single-threaded scheduler with virtual time.
/// </summary>
internal sealed class EntryQueue(int entriesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingEntry> _entries = new();

    /// <summary>The last entry of each writer that has one queued or in flight.</summary>
    private readonly Dictionary<AccountWriter, PendingEntry> _last = [];

    /// <summary>For accounts whose writer is poisoned: the writer's last entry that is still on its way despite that.</summary>
    private readonly Dictionary<string, PendingEntry> _left = [];
    private TaskCompletionSource? _wake;

    /// <summary>The number of queued entries at which the loop is woken.</summary>
    private int _wakeAt;

    private bool _open;
    private bool _ended;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Whether the queue accepts entries at present.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _open;
            }
        }
    }

    /// <summary>Accepts entries again, unless the queue has ended.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _open = !_ended;
        }
    }

    /// <summary>Refuses entries for ever; those that are queued can still be taken.</summary>
    public void End()
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            (_open, _ended) = (false, true);
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }

    /// <summary>Puts an entry, unless its writer is poisoned, or the queue is full or not open.</summary>
    /// <exception cref="InvalidOperationException">The entry does not follow the writer's last one: a bug of the caller.</exception>
    public bool TryPut(PendingEntry pending, out AppendOutcome refusal)
    {
        AccountWriter writer = pending.Writer;
        TaskCompletionSource? wake;
        lock (_gate)
        {
            refusal = writer.IsPoisoned ? AppendOutcome.Stale : AppendOutcome.Unavailable;
            if (writer.IsPoisoned || !_open || _entries.Count >= entriesMax)
            {
                return false;
            }

            if (writer.QueuedVersion != 0 && pending.Entry.Version != writer.QueuedVersion + 1)
            {
                throw new InvalidOperationException($"Version {pending.Entry.Version} was appended after {writer.QueuedVersion} by the same writer.");
            }

            writer.QueuedVersion = pending.Entry.Version;
            _entries.Enqueue(pending);
            ref PendingEntry? last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, writer, out _);
            (pending.Previous, last) = (last, pending);
            wake = null;
            if (_entries.Count >= _wakeAt)
            {
                (wake, _wake) = (_wake, null);
            }
        }

        wake?.TrySetResult();
        return true;
    }

    /// <summary>
    /// The writer's last entry that has not ended. For a writer that has queued nothing yet: the account's last entry that a poisoned writer left on its
    /// way. Null when there is none.
    /// </summary>
    public PendingEntry? LastOf(AccountWriter writer)
    {
        lock (_gate)
        {
            return _last.GetValueOrDefault(writer) ?? (_left.Count == 0 || writer.IsPoisoned ? null : _left.GetValueOrDefault(writer.Account));
        }
    }

    /// <summary>Forgets entries that have ended.</summary>
    public void Forget(IReadOnlyList<PendingEntry> ended)
    {
        lock (_gate)
        {
            for (int i = 0; i < ended.Count; i++)
            {
                Forget(ended[i]);
            }
        }
    }

    /// <summary>
    /// Poisons the writer of an entry that fails; true when it was not poisoned before. What the writer queued before that entry stays on its way, and
    /// the account's next writer can wait for it (<see cref="LastOf"/>).
    /// </summary>
    public bool Poison(PendingEntry failed)
    {
        AccountWriter writer = failed.Writer;
        lock (_gate)
        {
            if (writer.IsBarred(failed.Entry.Version))
            {
                return false;
            }

            // The order matters: a thread that sees the poison must also find what is left.
            bool isFirst = !writer.IsPoisoned;
            if (failed.Previous is { Ended: null } previous)
            {
                _left[writer.Account] = previous;
            }
            else if (_left.TryGetValue(writer.Account, out PendingEntry? left) && left.Writer == writer)
            {
                // The entry noted so far comes after the one that fails now, and fails with it.
                _left.Remove(writer.Account);
            }

            writer.Poison(failed.Entry.Version);
            _last.Remove(writer);
            return isFirst;
        }
    }

    /// <summary>Wakes the loop, so that it checks again what it waits for.</summary>
    public void Wake()
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }

    /// <summary>Waits until there is something to take; false when the queue has ended and is empty.</summary>
    public async Task<bool> WaitAsync()
    {
        while (true)
        {
            Task woken;
            lock (_gate)
            {
                if (_entries.Count > 0 || _ended)
                {
                    return _entries.Count > 0;
                }

                woken = Waiter(1);
            }

            await woken;
        }
    }

    /// <summary>
    /// Waits until at least <paramref name="entriesMin"/> entries can be taken; then true. False as soon as <paramref name="isUrgent"/> says that
    /// something is more urgent (the code that makes it so must wake the queue), and when the queue has ended with fewer entries.
    /// </summary>
    public async Task<bool> WaitAsync(int entriesMin, Func<bool> isUrgent)
    {
        while (true)
        {
            Task woken;
            lock (_gate)
            {
                bool isEnough = _entries.Count >= entriesMin;
                if (isUrgent() || _ended || isEnough)
                {
                    return isEnough && !isUrgent();
                }

                woken = Waiter(entriesMin);
            }

            await woken;
        }
    }

    /// <summary>Takes at most <paramref name="countMax"/> entries, in order.</summary>
    public List<PendingEntry> Take(int countMax)
    {
        lock (_gate)
        {
            int count = Math.Min(countMax, _entries.Count);
            List<PendingEntry> taken = new(count);
            for (int i = 0; i < count; i++)
            {
                taken.Add(_entries.Dequeue());
            }

            return taken;
        }
    }

    /// <summary>Refuses entries from now on and returns all that are waiting.</summary>
    public PendingEntry[] CloseAndTakeAll()
    {
        lock (_gate)
        {
            _open = false;
            PendingEntry[] all = [.. _entries];
            _entries.Clear();
            return all;
        }
    }

    private void Forget(PendingEntry ended)
    {
        if (_last.TryGetValue(ended.Writer, out PendingEntry? last) && ReferenceEquals(last, ended))
        {
            _last.Remove(ended.Writer);
        }

        if (_left.Count > 0 && _left.TryGetValue(ended.Writer.Account, out PendingEntry? left) && ReferenceEquals(left, ended))
        {
            _left.Remove(ended.Writer.Account);
        }
    }

    /// <summary>Continuations run asynchronously: the loop must not run on the turn of the grain that wakes it.</summary>
    private Task Waiter(int entriesMin)
    {
        _wakeAt = entriesMin;
        _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _wake.Task;
    }
}
