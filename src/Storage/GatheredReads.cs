namespace Gongji.Storage;

/// <summary>
/// Reads many things in few queries. Only a few queries are under way at a time; the next one reads together what was asked for in the meantime. Under
/// load, that costs the server and this process a fraction of one query for each key. A lone caller does not wait. A read always begins after it was
/// asked for, never before.
/// </summary>
/// <param name="queriesMax">Queries under way at a time.</param>
/// <param name="keysMax">The most keys in one query.</param>
/// <param name="read">Reads values, in the order of their keys.</param>
internal sealed class GatheredReads<TKey, TValue>(int queriesMax, int keysMax, Func<IReadOnlyList<TKey>, Task<IReadOnlyList<TValue>>> read)
{
    private readonly Lock _gate = new();
    private readonly Queue<Asked> _waiting = new();
    private int _underWay;

    /// <summary>Reads the value of a key.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public Task<TValue> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        Asked asked = new(key);
        bool isToRead;
        lock (_gate)
        {
            _waiting.Enqueue(asked);
            isToRead = _underWay < queriesMax;
            _underWay += isToRead ? 1 : 0;
        }

        if (isToRead)
        {
            _ = ReadWaitingAsync();
        }

        return asked.Task.WaitAsync(cancellationToken);
    }

    private async Task ReadWaitingAsync()
    {
        while (Take() is { Count: > 0 } some)
        {
            await ReadAsync(some).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the requests that have waited longest. When there are none, this reader ends.</summary>
    private List<Asked> Take()
    {
        lock (_gate)
        {
            List<Asked> taken = new(Math.Min(_waiting.Count, keysMax));
            while (taken.Count < keysMax && _waiting.TryDequeue(out Asked? asked))
            {
                taken.Add(asked);
            }

            _underWay -= taken.Count == 0 ? 1 : 0;
            return taken;
        }
    }

    private async Task ReadAsync(List<Asked> some)
    {
        try
        {
            IReadOnlyList<TValue> values = await read(some.ConvertAll(asked => asked.Key)).ConfigureAwait(false);
            for (int i = 0; i < some.Count; i++)
            {
                some[i].TrySetResult(values[i]);
            }
        }
        catch (Exception exception) when (some.Count == 1 || exception is StoreUnavailableException)
        {
            foreach (Asked asked in some)
            {
                asked.TrySetException(exception);
            }
        }
        catch (Exception)
        {
            // One of the keys cannot be read. Read each by itself, so that the others do not fail with it.
            foreach (Asked asked in some)
            {
                await ReadAsync([asked]).ConfigureAwait(false);
            }
        }
    }

    private sealed class Asked(TKey key) : TaskCompletionSource<TValue>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TKey Key => key;
    }
}
