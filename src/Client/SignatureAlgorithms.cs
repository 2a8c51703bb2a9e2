using System.Diagnostics.CodeAnalysis;

namespace Gongji.Client;

/// <summary>The names of algorithms in the parameter <c>alg</c>.</summary>
public static class SignatureAlgorithms
{
    public const string Hmac = "hmac-sha256";
    public const string Ecdsa = "ecdsa-p256-sha256";

    public static string ToText(SignatureAlgorithm algorithm) => algorithm == SignatureAlgorithm.HmacSha256 ? Hmac : Ecdsa;

    public static bool TryParse([NotNullWhen(true)] string? text, out SignatureAlgorithm algorithm)
    {
        algorithm = text == Ecdsa ? SignatureAlgorithm.EcdsaP256Sha256 : SignatureAlgorithm.HmacSha256;
        return text is Hmac or Ecdsa;
    }
}
