using Gongji.Storage;

namespace Gongji.Silo;

/// <summary>Lets the journal drain, once, whoever asks: the silo's stop, or what has waited for that stop for too long.</summary>
public sealed class JournalDrain : IDisposable
{
    private readonly CancellationTokenSource _abandon = new();
    private readonly Lazy<Task> _drained;

    public JournalDrain(Journal journal) => _drained = new Lazy<Task>(() => journal.StopAsync(_abandon.Token));

    /// <summary>Ends when the journal has drained, or given up what it could not write.</summary>
    /// <param name="abandon">When it fires, what is not written yet is given up, for whoever else waits too.</param>
    public async Task RunAsync(CancellationToken abandon)
    {
        using CancellationTokenRegistration registration = abandon.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon);
        await _drained.Value;
    }

    public void Dispose() => _abandon.Dispose();
}
