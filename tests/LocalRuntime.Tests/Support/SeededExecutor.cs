namespace Gongji.LocalRuntime.Tests.Support;

/// <summary>A single thread that picks what to run next by a seed; the same seed gives the same run.</summary>
internal sealed class SeededExecutor(int seed) : LocalExecutor
{
    private readonly Random _random = new(seed);
    private readonly List<IThreadPoolWorkItem> _ready = [];

    public override bool IsSequential => true;

    public override int TurnsPerPost => 1;

    /// <summary>What ran, in order.</summary>
    public List<string> Trace { get; } = [];

    public override void Post(IThreadPoolWorkItem work)
    {
        lock (_ready)
        {
            _ready.Add(work);
        }
    }

    /// <summary>Runs until nothing is left, or <paramref name="done"/>.</summary>
    public void Run(Func<bool>? done = null)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        while (done?.Invoke() != true && Take() is { } work)
        {
            Trace.Add(work.ToString()!);
            work.Execute();
        }

        SynchronizationContext.SetSynchronizationContext(outer);
    }

    private IThreadPoolWorkItem? Take()
    {
        lock (_ready)
        {
            if (_ready.Count == 0)
            {
                return null;
            }

            var index = _random.Next(_ready.Count);
            var work = _ready[index];
            _ready.RemoveAt(index);
            return work;
        }
    }
}
