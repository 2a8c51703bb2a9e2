namespace Gongji.Grains;

/// <summary>Remembers taken nonces until their signatures have expired on every silo, however the clocks differ.</summary>
internal sealed class NonceMemory
{
    private readonly HashSet<Guid> _taken = [];
    private readonly PriorityQueue<Guid, long> _byExpiry = new();

    /// <summary>Takes a nonce if it is not taken yet and there is room.</summary>
    public NonceUse Use(Guid nonce, DateTimeOffset expires, DateTimeOffset now)
    {
        Forget(now.UtcTicks - GrainLimits.NonceKeptAfterExpiry.Ticks);
        if (_taken.Contains(nonce))
        {
            return NonceUse.Replayed;
        }

        if (_taken.Count >= GrainLimits.NoncesPerShard)
        {
            return NonceUse.NoRoom;
        }

        _taken.Add(nonce);
        _byExpiry.Enqueue(nonce, expires.UtcTicks);
        return NonceUse.Taken;
    }

    private void Forget(long expiredBefore)
    {
        while (_byExpiry.TryPeek(out Guid nonce, out long expires) && expires < expiredBefore)
        {
            _byExpiry.Dequeue();
            _taken.Remove(nonce);
        }
    }
}
