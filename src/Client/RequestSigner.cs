using System.Security.Cryptography;

namespace Gongji.Client;

/// <summary>Signs requests as the server requires: method, address and digest of the body, valid for a short time, with a nonce.</summary>
/// <param name="key">The key to sign with.</param>
/// <param name="time">The clock; by default the server accepts one up to 30 s ahead of its own.</param>
/// <param name="lifetime">How long a signature is valid; at most 5 minutes. A minute by default.</param>
public sealed class RequestSigner(GatewayKey key, TimeProvider time, TimeSpan? lifetime = null)
{
    /// <summary>The longest lifetime of a signature.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(5);

    private const string Label = "sig";
    private const int NonceBytes = 16;

    private static readonly FieldItem[] WithoutBody = [FieldItem.Of(SignatureBase.Method), FieldItem.Of(SignatureBase.TargetUri)];
    private static readonly FieldItem[] WithBody = [.. WithoutBody, FieldItem.Of(SignatureBase.ContentDigest)];

    private readonly long _lifetimeSeconds = (long)(lifetime ?? TimeSpan.FromMinutes(1)).TotalSeconds is > 0 and <= 300 and var seconds
        ? seconds
        : throw new ArgumentOutOfRangeException(nameof(lifetime), $"A signature is good for 1 s to {LifetimeMax.TotalSeconds} s.");

    /// <summary>Signs a request.</summary>
    /// <param name="method">The method as it is sent, e.g. POST.</param>
    /// <param name="targetUri">The absolute address, as the server will see it: scheme, Host, path and query.</param>
    /// <param name="contentDigest">The Content-Digest field of the body; null when there is no body.</param>
    public SignedFields Sign(string method, string targetUri, string? contentDigest)
    {
        long created = time.GetUtcNow().ToUnixTimeSeconds();
        FieldMember input = new(
            Label,
            null,
            contentDigest is null ? WithoutBody : WithBody,
            [
                new("created", created),
                new("expires", created + _lifetimeSeconds),
                new("nonce", RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true)),
                new("keyid", key.KeyId),
                new("alg", SignatureAlgorithms.ToText(key.Algorithm)),
            ]);
        byte[] signed = SignatureBase.Build(
            input,
            item => item.Value switch
            {
                SignatureBase.Method => method,
                SignatureBase.TargetUri => targetUri,
                _ => contentDigest,
            },
            out _)!;
        return new SignedFields(
            StructuredFields.Serialize([input]),
            StructuredFields.Serialize([new FieldMember(Label, key.Sign(signed), null, [])]));
    }
}
