namespace Gongji.Grains;

/// <inheritdoc cref="IGatewayNoncesGrain"/>
/// <remarks>
/// An idle activation is collected after a quarter of an hour; what it remembered has expired by then. Signature times are the machine's, never the
/// ledger's clock, which may be set to another year in development.
/// </remarks>
internal sealed class GatewayNoncesGrain(TimeProvider time) : Grain, IGatewayNoncesGrain
{
    private readonly NonceMemory _memory = new();

    public Task<NonceUse> UseAsync(Guid nonce, DateTimeOffset expires) => Task.FromResult(_memory.Use(nonce, expires, time.GetUtcNow()));
}
