using Gongji.Api.Http;

namespace Gongji.Api.Endpoints;

/// <summary>Bounds the reconciliations that run at once: each sorts a day of a region and holds a database snapshot open.</summary>
internal sealed class ReconciliationTurns : IDisposable
{
    private readonly SemaphoreSlim _free = new(ApiLimits.ReconciliationsAtOnce);

    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Taken(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Taken(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
