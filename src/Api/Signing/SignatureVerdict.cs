using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>The result of checking a request's signature, before its nonce and body are checked.</summary>
/// <param name="Gateway">The signer; null when there is a problem.</param>
/// <param name="Digest">The signed digest of the body; null when there is none.</param>
/// <param name="Nonce">The signature's nonce.</param>
/// <param name="Expires">When the signature expires.</param>
/// <param name="Problem">Why the signature is not accepted.</param>
internal readonly record struct SignatureVerdict(Gateway? Gateway, BodyDigest? Digest, string Nonce, DateTimeOffset Expires, ProblemAnswer? Problem)
{
    public static implicit operator SignatureVerdict(ProblemAnswer problem) => new(null, null, string.Empty, default, problem);
}
