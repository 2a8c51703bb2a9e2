using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>What a request's signature comes to, before its nonce and its body are looked at.</summary>
/// <param name="Gateway">Whose it is; null when there is a problem.</param>
/// <param name="Digest">What it says of the body; null when it says nothing.</param>
/// <param name="Nonce">Its nonce.</param>
/// <param name="Expires">Until when it is good.</param>
/// <param name="Problem">Why it is not taken.</param>
internal readonly record struct SignatureVerdict(Gateway? Gateway, BodyDigest? Digest, string Nonce, DateTimeOffset Expires, ProblemAnswer? Problem)
{
    public static implicit operator SignatureVerdict(ProblemAnswer problem) => new(null, null, string.Empty, default, problem);
}
