using System.Diagnostics.CodeAnalysis;
using Gongji.Api.Http;

namespace Gongji.Api.Endpoints;

/// <summary>Bounds the streams of events that are open at once, and with them the memory that slow readers take.</summary>
internal sealed class EventReaders
{
    private int _open;

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
