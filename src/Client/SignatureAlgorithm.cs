namespace Gongji.Client;

/// <summary>How a key signs (RFC 9421, 3.3).</summary>
public enum SignatureAlgorithm
{
    /// <summary>HMAC with SHA-256 and a secret that both sides hold (RFC 9421, 3.3.3).</summary>
    HmacSha256,

    /// <summary>ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each (RFC 9421, 3.3.4).</summary>
    EcdsaP256Sha256,
}
