using Gongji.Storage;

namespace Gongji.Silo;

/// <summary>Drains the journal once, no matter who asks: the silo's stop, or the code that has waited too long for that stop.</summary>
public sealed class JournalDrain : IDisposable
{
    private readonly CancellationTokenSource _abandon = new();
    private readonly Lazy<Task> _drained;

    public JournalDrain(Journal journal) => _drained = new Lazy<Task>(() => journal.StopAsync(_abandon.Token));

    /// <summary>Completes when the journal has drained, or has given up what it could not write.</summary>
    /// <param name="abandon">When it fires, what has not been written yet is given up, also for all others who wait.</param>
    public async Task RunAsync(CancellationToken abandon)
    {
        using CancellationTokenRegistration registration = abandon.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon);
        await _drained.Value;
    }

    public void Dispose() => _abandon.Dispose();
}
