using System.Collections.Frozen;

namespace Gongji.Api.Signing;

/// <summary>The keys by their ids.</summary>
internal sealed class GatewayRegistry(SigningOptions options)
{
    private readonly FrozenDictionary<string, Gateway> _gateways = options.Gateways.ToFrozenDictionary(gateway => gateway.KeyId, StringComparer.Ordinal);

    public Gateway? Find(string keyId) => _gateways.GetValueOrDefault(keyId);
}
