namespace Gongji.Grains;

/// <summary>
/// Remembers the nonces of a gateway's key until the signatures that they are in have expired, so that a signature is good once in the whole cluster. The key is
/// <c>{keyid}/{shard}</c>; see <see cref="GatewayNonces"/>. It is memory only: when its silo dies, a signature of at most five minutes' age
/// could be used a second time, and then meets a ledger that does nothing twice.
/// </summary>
[Alias("gongji.gateway-nonces")]
public interface IGatewayNoncesGrain : IGrainWithStringKey
{
    /// <summary>Takes a nonce, if it is not taken.</summary>
    /// <param name="nonce">The nonce's fingerprint: 128 bits of its hash.</param>
    /// <param name="expires">Until when its signature is good.</param>
    Task<NonceUse> UseAsync(Guid nonce, DateTimeOffset expires);
}

/// <summary>What became of a nonce.</summary>
[GenerateSerializer, Alias("gongji.nonce-use")]
public enum NonceUse
{
    /// <summary>It is taken now.</summary>
    Taken,

    /// <summary>It was taken before.</summary>
    Replayed,

    /// <summary>No room is left for it, so nothing was taken.</summary>
    NoRoom,
}
