using System.Text;
using Gongji.Client;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// A request that is signed by hand, part by part, so that each part can be made wrong. It starts out right, and does not use the product's signer.
/// </summary>
internal sealed record HandSigned
{
    public HandSigned(HttpMethod method, Uri uri, string? json, GatewayKey key)
    {
        (Method, Uri, Json, Key) = (method, uri, json, key);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (Created, Expires, Nonce) = (now, now + 60, Guid.NewGuid().ToString());
        Digest = json is null ? null : ContentDigests.Of(Encoding.UTF8.GetBytes(json));
        Covered = json is null ? ["@method", "@target-uri"] : ["@method", "@target-uri", "content-digest"];
        KeyId = key.KeyId;
        Algorithm = SignatureAlgorithms.ToText(key.Algorithm);
    }

    public HttpMethod Method { get; init; }

    public Uri Uri { get; init; }

    public string? Json { get; init; }

    public GatewayKey Key { get; init; }

    public string KeyId { get; init; }

    public string Algorithm { get; init; }

    public long Created { get; init; }

    public long Expires { get; init; }

    public string Nonce { get; init; }

    public string? Digest { get; init; }

    public string[] Covered { get; init; }

    /// <summary>The values of covered components other than the three required ones.</summary>
    public Dictionary<string, string> Others { get; init; } = [];

    /// <summary>The parameters as text; null for the complete and right ones.</summary>
    public string? Parameters { get; init; }

    private string Input =>
        $"({string.Join(' ', Covered.Select(name => $"\"{name}\""))})" + (Parameters ?? $";created={Created};expires={Expires};nonce=\"{Nonce}\";keyid=\"{KeyId}\";alg=\"{Algorithm}\"");

    /// <summary>Makes the request; a repeated call makes exactly the same one.</summary>
    public HttpRequestMessage ToRequest()
    {
        string lines = string.Concat(Covered.Select(name => $"\"{name}\": {ValueOf(name)}\n"));
        byte[] signature = Key.Sign(Encoding.UTF8.GetBytes($"{lines}\"@signature-params\": {Input}"));
        HttpRequestMessage request = new(Method, Uri) { Content = Json is null ? null : Caller.Json(Json) };
        request.Headers.TryAddWithoutValidation("Signature-Input", $"by-hand={Input}");
        request.Headers.TryAddWithoutValidation("Signature", $"by-hand=:{Convert.ToBase64String(signature)}:");
        if (Digest is not null)
        {
            request.Headers.TryAddWithoutValidation("Content-Digest", Digest);
        }

        return request;
    }

    private string? ValueOf(string name) => name switch
    {
        "@method" => Method.Method,
        "@target-uri" => Uri.AbsoluteUri,
        "content-digest" => Digest,
        _ => Others[name],
    };
}
