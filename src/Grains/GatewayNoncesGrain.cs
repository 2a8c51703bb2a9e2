namespace Gongji.Grains;

/// <inheritdoc cref="IGatewayNoncesGrain"/>
/// <remarks>
/// An idle activation is collected after a quarter of an hour: what it remembered has expired by then. Signature times are the machine's, never the
/// ledger's clock, which development may set to another year.
/// </remarks>
internal sealed class GatewayNoncesGrain(TimeProvider time) : Grain, IGatewayNoncesGrain
{
    private readonly HashSet<Guid> _taken = [];
    private readonly PriorityQueue<Guid, long> _byExpiry = new();

    public Task<NonceUse> UseAsync(Guid nonce, DateTimeOffset expires)
    {
        Forget();
        if (_taken.Contains(nonce))
        {
            return Task.FromResult(NonceUse.Replayed);
        }

        if (_taken.Count >= GrainLimits.NoncesPerShard)
        {
            return Task.FromResult(NonceUse.NoRoom);
        }

        _taken.Add(nonce);
        _byExpiry.Enqueue(nonce, expires.UtcTicks);
        return Task.FromResult(NonceUse.Taken);
    }

    /// <summary>Drops what has expired on every silo, however their clocks differ.</summary>
    private void Forget()
    {
        long gone = time.GetUtcNow().UtcTicks - GrainLimits.NonceKeptAfterExpiry.Ticks;
        while (_byExpiry.TryPeek(out Guid nonce, out long expires) && expires < gone)
        {
            _byExpiry.Dequeue();
            _taken.Remove(nonce);
        }
    }
}
