using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// Learns of new batches, for all readers of a process at once: while anyone listens it looks at the heads of the chains every
/// <see cref="StorageLimits.FeedPollMs"/>, and not at all when nobody does.
/// </summary>
public sealed class LedgerWatch(ILedgerStore store, TimeProvider clock, ILogger<LedgerWatch> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private int _listeners;
    private bool _isPolling;
    private LedgerNews? _news;

    /// <summary>Listens until the listener is disposed of; its news are of this moment or later.</summary>
    public async Task<LedgerListener> ListenAsync(CancellationToken cancellationToken)
    {
        LedgerListener listener;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _listeners++;
            listener = new LedgerListener(Leave);
        }

        try
        {
            listener.News = Publish(await store.Feed.ReadHeadsAsync(cancellationToken).ConfigureAwait(false));
            StartPolling();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Leave()
    {
        lock (_gate)
        {
            _listeners--;
        }
    }

    /// <summary>Tells all listeners of heads, unless they know them already. Heads that were read at the same time may arrive in any order; the news never go back.</summary>
    private LedgerNews Publish(ImmutableSortedDictionary<int, long> heads)
    {
        lock (_gate)
        {
            if (_news is { } known && heads.All(head => head.Value <= known.Heads.GetValueOrDefault(head.Key)))
            {
                return known;
            }

            LedgerNews news = new(heads);
            _news?.Replace(news);
            _news = news;
            return news;
        }
    }

    private void StartPolling()
    {
        CancellationToken stop = _stop.Token;
        lock (_gate)
        {
            if (_isPolling)
            {
                return;
            }

            _isPolling = true;
        }

        _ = Task.Run(() => PollAsync(stop), CancellationToken.None);
    }

    /// <summary>Ends only when this is disposed of, or nobody listens. If a failure ended it, all listeners would wait for ever, later ones too.</summary>
    private async Task PollAsync(CancellationToken stop)
    {
        FailureLevels failures = new();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(StorageLimits.FeedPollMs), clock, stop).ConfigureAwait(false);
                if (IsIdle())
                {
                    return;
                }

                Publish(await store.Feed.ReadHeadsAsync(stop).ConfigureAwait(false));
                failures.Forget();
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // The process stops.
                return;
            }
            catch (Exception exception)
            {
                LogLevel level = failures.Of(exception);
                logger.FeedUnavailable(level, exception);
            }
        }
    }

    /// <summary>Whether nobody listens any more. Then this poll ends, and the next listener starts another.</summary>
    private bool IsIdle()
    {
        lock (_gate)
        {
            _isPolling = _listeners > 0;
            return !_isPolling;
        }
    }
}

/// <summary>Heads of all chains at one moment, and a promise of the next ones that differ.</summary>
public sealed class LedgerNews(ImmutableSortedDictionary<int, long> heads)
{
    private readonly TaskCompletionSource<LedgerNews> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableSortedDictionary<int, long> Heads { get; } = heads;

    /// <summary>Ends when there are newer heads.</summary>
    public Task<LedgerNews> Next => _next.Task;

    internal void Replace(LedgerNews news) => _next.TrySetResult(news);
}

/// <summary>One listener.</summary>
public sealed class LedgerListener : IDisposable
{
    private Action? _leave;

    internal LedgerListener(Action leave) => _leave = leave;

    /// <summary>The newest heads when listening began; later ones are found from there (<see cref="LedgerNews.Next"/>).</summary>
    public LedgerNews News { get; internal set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
