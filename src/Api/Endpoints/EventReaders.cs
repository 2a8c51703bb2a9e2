using System.Diagnostics.CodeAnalysis;
using Gongji.Api.Http;
using Gongji.Storage;

namespace Gongji.Api.Endpoints;

/// <summary>
/// Bounds how many event streams are open at once, and so the memory that slow readers take; and how many of them read the store at once.
/// </summary>
internal sealed class EventReaders : IDisposable
{
    private readonly SemaphoreSlim _reading = new(ApiLimits.EventReadsAtOnce);
    private int _open;

    /// <summary>Waits for the reader's turn, then reads a page.</summary>
    public async Task<IReadOnlyList<LedgerEvent>> ReadAsync(LedgerReader reader, LedgerNews news, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return await reader.ReadAsync(news.Heads, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    public bool TryJoin([NotNullWhen(true)] out IDisposable? seat)
    {
        bool joined = Interlocked.Increment(ref _open) <= ApiLimits.EventReadersMax;
        seat = joined ? new Seat(this) : null;
        if (!joined)
        {
            Interlocked.Decrement(ref _open);
        }

        return joined;
    }

    private sealed class Seat(EventReaders readers) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref readers._open);
    }
}
