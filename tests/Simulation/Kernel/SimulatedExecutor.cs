using Gongji.LocalRuntime;

namespace Gongji.Simulation.Kernel;

/// <summary>
/// The single thread that runs everything. It picks the next of all ready work items by the seed. In most runs a work item is one turn, so that
/// every interleaving which the grain model allows can occur.
/// </summary>
public sealed class SimulatedExecutor(Prng prng, double newestFirst, int turnsPerPost, int processorCount) : LocalExecutor
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private IThreadPoolWorkItem[] _ready = new IThreadPoolWorkItem[256];
    private int _count;

    /// <inheritdoc/>
    public override bool IsSequential => true;

    /// <inheritdoc/>
    public override int TurnsPerPost => turnsPerPost;

    /// <inheritdoc/>
    public override int ProcessorCount => processorCount;

    /// <summary>The number of work items run so far.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public override void Post(IThreadPoolWorkItem work)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Something left the simulation's thread: no run with it can be replayed.");
        }

        if (_count == _ready.Length)
        {
            Array.Resize(ref _ready, _count * 2);
        }

        _ready[_count++] = work;
    }

    /// <summary>Runs one ready work item; false when there is none.</summary>
    public bool TryStep()
    {
        if (_count == 0)
        {
            return false;
        }

        int last = _count - 1;
        int picked = last == 0 || prng.Chance(newestFirst) ? last : prng.Next(_count);
        IThreadPoolWorkItem work = _ready[picked];
        _ready[picked] = _ready[last];
        _ready[last] = null!;
        _count = last;
        Steps++;
        work.Execute();
        return true;
    }
}
