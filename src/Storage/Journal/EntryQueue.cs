using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// The bounded queue of one partition: many callers put, one loop takes. A short lock and a wake-up signal instead of a channel, so that
/// it works the same on a single-threaded scheduler with virtual time.
/// </summary>
internal sealed class EntryQueue(int entriesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingEntry> _entries = new();

    /// <summary>The last entry of each writer that has one queued or in flight.</summary>
    private readonly Dictionary<AccountWriter, PendingEntry> _last = [];

    /// <summary>Of accounts whose writer is poisoned: its last entry that is on its way all the same.</summary>
    private readonly Dictionary<string, PendingEntry> _left = [];
    private TaskCompletionSource? _wake;

    /// <summary>How many entries the loop is to be woken for.</summary>
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

    /// <summary>Whether entries are taken at present.</summary>
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

    /// <summary>Takes entries again, unless the queue has ended.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _open = !_ended;
        }
    }

    /// <summary>Refuses entries for ever; what is queued can still be taken.</summary>
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
    /// The writer's last entry that has not ended, or of one that has queued nothing yet, the last of the account's that a poisoned writer has left; null when there is none.
    /// </summary>
    public PendingEntry? LastOf(AccountWriter writer)
    {
        lock (_gate)
        {
            return _last.GetValueOrDefault(writer) ?? (_left.Count == 0 || writer.IsPoisoned ? null : _left.GetValueOrDefault(writer.Account));
        }
    }

    /// <summary>Of entries that have ended.</summary>
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
    /// Poisons the writer of an entry that fails; true when it was not before. What it queued before that entry stays on its way, and whoever is the
    /// account's next writer can wait for it (<see cref="LastOf"/>).
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

            // In this order: whoever sees the poison finds what is left.
            bool isFirst = !writer.IsPoisoned;
            if (failed.Previous is { Ended: null } previous)
            {
                _left[writer.Account] = previous;
            }
            else if (_left.TryGetValue(writer.Account, out PendingEntry? left) && left.Writer == writer)
            {
                // It comes after the one that fails now, and falls with it.
                _left.Remove(writer.Account);
            }

            writer.Poison(failed.Entry.Version);
            _last.Remove(writer);
            return isFirst;
        }
    }

    /// <summary>Wakes the loop, so that it looks at what it waits for.</summary>
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
    /// Waits until so many entries can be taken, or until there is something more urgent, for which the queue is woken; then, and when the queue has
    /// ended with fewer, false.
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

    /// <summary>Takes at most so many entries, in order.</summary>
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

    /// <summary>Refuses entries from now on and gives out all that wait.</summary>
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

    /// <summary>Asynchronous continuations: the loop must not run on the turn of the grain that wakes it.</summary>
    private Task Waiter(int entriesMin)
    {
        _wakeAt = entriesMin;
        _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _wake.Task;
    }
}
