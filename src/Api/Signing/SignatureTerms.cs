using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gongji.Api.Http;
using Gongji.Client;

namespace Gongji.Api.Signing;

/// <summary>The parameters of a signature (RFC 9421, 2.3). All of them are required.</summary>
/// <param name="Created">When the signature was made, in seconds since 1970.</param>
/// <param name="Expires">When it expires, in seconds since 1970.</param>
/// <param name="Nonce">The value that makes it valid only once.</param>
/// <param name="KeyId">The id of the key.</param>
/// <param name="Algorithm">The algorithm.</param>
internal readonly record struct SignatureTerms(long Created, long Expires, string Nonce, string KeyId, SignatureAlgorithm Algorithm)
{
    private const int NonceLengthMin = 1;
    private const int NonceLengthMax = 200;

    public static bool TryRead(FieldMember input, out SignatureTerms terms, [NotNullWhen(false)] out ProblemAnswer? problem)
    {
        terms = default;
        problem = null;
        if (input.Parameter("created") is not long created)
        {
            problem = Missing("created", "the time of signing in seconds since 1970");
        }
        else if (input.Parameter("expires") is not long expires)
        {
            problem = Missing("expires", "a time in seconds since 1970, at most 5 minutes after created");
        }
        else if (input.Parameter("nonce") is not string { Length: >= NonceLengthMin and <= NonceLengthMax } nonce)
        {
            problem = Missing("nonce", $"a text of {NonceLengthMin} to {NonceLengthMax} characters that was never used before");
        }
        else if (input.Parameter("keyid") is not string keyId)
        {
            problem = Missing("keyid", "the id of the gateway's key as a text");
        }
        else if (!SignatureAlgorithms.TryParse(input.Parameter("alg") as string, out SignatureAlgorithm algorithm))
        {
            problem = Missing("alg", $"\"{SignatureAlgorithms.Hmac}\" or \"{SignatureAlgorithms.Ecdsa}\"");
        }
        else
        {
            terms = new SignatureTerms(created, expires, nonce, keyId, algorithm);
        }

        return problem is null;
    }

    /// <summary>The problem when the signature is not valid at a moment of the machine's clock.</summary>
    public ProblemAnswer? RefuseAt(DateTimeOffset now, TimeSpan skew)
    {
        // The seconds have at most 15 digits, so their milliseconds fit into 64 bits.
        long nowMs = now.ToUnixTimeMilliseconds();
        string clock = string.Create(CultureInfo.InvariantCulture, $"This server's clock says {now.ToUnixTimeSeconds()} ({now:yyyy-MM-dd'T'HH:mm:ss'Z'}).");
        return Expires - Created > (long)RequestSigner.LifetimeMax.TotalSeconds ? Expired($"expires is {Expires - Created} s after created; {(long)RequestSigner.LifetimeMax.TotalSeconds} s are the most.")
            : Expires <= Created ? Expired("expires must be after created.")
            : Created * 1_000 > nowMs + (long)skew.TotalMilliseconds ? Expired($"created is {Created}, which is more than {(long)skew.TotalSeconds} s ahead. {clock} Check the caller's clock.")
            : nowMs > Expires * 1_000 ? Expired($"expires was {Expires}. {clock} Sign anew; if this was just signed, check the caller's clock.")
            : null;
    }

    private static ProblemAnswer Expired(string detail) => new(StatusCodes.Status401Unauthorized, ProblemCodes.ExpiredSignature, detail);

    private static ProblemAnswer Missing(string parameter, string what) =>
        ProblemAnswer.BadSignature($"The signature's parameter {parameter} is missing or of another form: it must be {what}.");
}
