using Gongji.Simulation.Running;

namespace Gongji.Simulation;

/// <summary>
/// Runs seeds in parallel, one thread per core. A run shares nothing with other runs and never leaves its thread, so it is the same run as it would
/// be alone.
/// </summary>
internal sealed class SeedRunner : IDisposable
{
    /// <summary>How far a thread may be ahead of the reader, in seeds: results keep only their traces' hashes and counts, but must not pile up without bound.</summary>
    private const int AheadMax = 64;

    private readonly Lock _gate = new();
    private readonly Func<ulong, RunResult> _run;
    private readonly ulong _first;
    private readonly TaskCompletionSource<RunResult>[] _results;
    private readonly SemaphoreSlim _ahead = new(AheadMax);
    private readonly Thread[] _threads;
    private int _next;
    private volatile bool _stopped;

    public SeedRunner(ulong first, int count, Func<ulong, RunResult> run)
    {
        (_first, _run) = (first, run);
        _results = [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource<RunResult>())];
        _threads = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, count)).Select(_ => new Thread(Work) { IsBackground = true })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Waits for a seed's result. Each result is taken once, in order.</summary>
    public RunResult Take(int index)
    {
        RunResult result = _results[index].Task.GetAwaiter().GetResult();
        _results[index] = null!;
        _ahead.Release();
        return result;
    }

    /// <summary>Begins no further seeds, and waits for those that are running.</summary>
    public void Stop()
    {
        _stopped = true;
        _ahead.Release(_threads.Length);
        Array.ForEach(_threads, thread => thread.Join());
    }

    public void Dispose() => _ahead.Dispose();

    private void Work()
    {
        while (TryTakeNext() is { } index)
        {
            try
            {
                _results[index].SetResult(_run(_first + (ulong)index));
            }
            catch (Exception error)
            {
                _results[index].SetException(error);
            }

            // Between two runs hardly anything is alive, so a collection costs next to nothing; in the middle of the next run it would copy all that run has made.
            GC.Collect(1);
        }
    }

    private int? TryTakeNext()
    {
        _ahead.Wait();
        lock (_gate)
        {
            return _stopped || _next == _results.Length ? null : _next++;
        }
    }
}
