namespace Gongji.Api.Http;

/// <summary>
/// Bounds the lines in flight of all NDJSON requests together, first come, first served: concurrent streams slow each other down, rather than fill
/// the journal's queue until it refuses.
/// </summary>
internal sealed class LineSlots : IDisposable
{
    private readonly SemaphoreSlim _free = new(ApiLimits.AllLinesInFlightMax);

    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Free() => _free.Release();

    public void Dispose() => _free.Dispose();
}
