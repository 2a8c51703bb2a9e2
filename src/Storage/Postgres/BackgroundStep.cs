using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// Work beside the commits, a step at a time, which costs nothing when it is late. What a step throws is reported and goes no further: neither the commit
/// that has started the step nor what is disposed after it ever sees the exception.
/// </summary>
/// <param name="failed">Receives each failure, with the level to log it at.</param>
internal sealed class BackgroundStep(Action<LogLevel, Exception> failed) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly FailureLevels _failures = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _last = Task.CompletedTask;

    /// <summary>The step under way, or the last one. It never fails.</summary>
    public Task Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Begins a step, on a thread of the pool; false when one is still under way, or this has been disposed of.</summary>
    /// <param name="step">What to do, until its token fires.</param>
    public bool TryStart(Func<CancellationToken, Task> step)
    {
        lock (_gate)
        {
            if (!_last.IsCompleted || _ending.IsCancellationRequested)
            {
                return false;
            }

            _last = Task.Run(() => RunAsync(step), CancellationToken.None);
            return true;
        }
    }

    /// <summary>Runs a step that the caller waits for, beside whatever else is under way. It does not throw.</summary>
    /// <param name="step">What to do, until its token fires.</param>
    public async Task RunAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(_ending.Token).ConfigureAwait(false);
            _failures.Forget();
        }
        catch (Exception) when (_ending.IsCancellationRequested)
        {
            // The process stops; the next one does what is left.
        }
        catch (Exception exception)
        {
            failed(_failures.Of(exception), exception);
        }
    }

    /// <summary>Ends the step under way, and waits for its end. It does not throw.</summary>
    public async ValueTask DisposeAsync()
    {
        // The source is not disposed of: without timers it holds nothing, and a step that some caller waits for may still look at its token.
        try
        {
            await _ending.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            failed(LogLevel.Error, exception);
        }

        await Last.ConfigureAwait(false);
    }
}
