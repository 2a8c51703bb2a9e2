using Gongji.Api.Signing;

namespace Gongji.Api.Tests.Support;

/// <summary>The product as it runs where calls must be signed, with gateways for several roles and provinces.</summary>
public sealed class SignedApp : RunningApp
{
    internal const long UploadBytes = 6 * 1_048_576;

    internal override SigningOptions Signing => new() { Gateways = [.. TestGateways.All.Select(each => each.Gateway)], UploadBytesMax = UploadBytes };

    /// <summary>Calls as a gateway.</summary>
    internal Caller As(TestGateway gateway, TimeProvider? time = null) => new(Address, key: gateway.Key, time: time);

    /// <summary>Calls without signing anything that the test has not signed.</summary>
    internal Caller ByHand() => new(Address);

    /// <summary>A request that is signed by hand, and rightly.</summary>
    internal HandSigned Request(HttpMethod method, string path, string? json = null) => new(method, new Uri(Address, path), json, TestGateways.Nation.Key);
}
