using System.Collections.Frozen;

namespace Gongji.Api.Signing;

/// <summary>The gateways' keys by id.</summary>
internal sealed class GatewayRegistry(SigningOptions options)
{
    private readonly FrozenDictionary<string, Gateway> _gateways = options.Gateways.ToFrozenDictionary(gateway => gateway.KeyId, StringComparer.Ordinal);

    public Gateway? Find(string keyId) => _gateways.GetValueOrDefault(keyId);
}
