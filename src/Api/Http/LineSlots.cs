namespace Gongji.Api.Http;

/// <summary>
/// Bounds the lines that are under way in all NDJSON requests together, first come first served: streams side by side slow each other down,
/// instead of filling the journal's queue until it refuses.
/// </summary>
internal sealed class LineSlots : IDisposable
{
    private readonly SemaphoreSlim _free = new(ApiLimits.AllLinesInFlightMax);

    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Free() => _free.Release();

    public void Dispose() => _free.Dispose();
}
