namespace Gongji.Grains;

/// <summary>
/// Remembers the nonces of a gateway's key until their signatures have expired, so that a signature is good once in the whole cluster. The grain's key is
/// <c>{keyid}/{shard}</c>; see <see cref="GatewayNonces"/>. It keeps them in memory only: when its silo dies, a signature at most five minutes old
/// could be used a second time, but the ledger does nothing twice.
/// </summary>
[Alias("gongji.gateway-nonces")]
public interface IGatewayNoncesGrain : IGrainWithStringKey
{
    /// <summary>Takes a nonce if it is not taken yet.</summary>
    /// <param name="nonce">The nonce's fingerprint: 128 bits of its hash.</param>
    /// <param name="expires">When its signature expires.</param>
    Task<NonceUse> UseAsync(Guid nonce, DateTimeOffset expires);
}

/// <summary>The result of using a nonce.</summary>
[GenerateSerializer, Alias("gongji.nonce-use")]
public enum NonceUse
{
    /// <summary>This call took it.</summary>
    Taken,

    /// <summary>It had been taken before.</summary>
    Replayed,

    /// <summary>There was no room to remember it, so it was not taken.</summary>
    NoRoom,
}
