using System.Security.Cryptography;
using System.Text.Json;

namespace Gongji.Client;

/// <summary>A gateway's key: its id, and the key material that it signs with. Thread-safe.</summary>
public sealed class GatewayKey : IDisposable
{
    /// <summary>The least length of a secret, in bytes: the length of the signature that it makes.</summary>
    public const int SecretBytesMin = 32;

    private const int EcdsaBytes = 64;

    private readonly byte[]? _secret;
    private readonly ECDsa? _privateKey;
    private readonly Lock _gate = new();
    private volatile bool _isDisposed;

    private GatewayKey(string keyId, byte[]? secret, ECDsa? privateKey) => (KeyId, _secret, _privateKey) = (keyId, secret, privateKey);

    /// <summary>The key's id, as the server's operator assigned it.</summary>
    public string KeyId { get; }

    public SignatureAlgorithm Algorithm => _secret is not null ? SignatureAlgorithm.HmacSha256 : SignatureAlgorithm.EcdsaP256Sha256;

    /// <summary>A key with a secret that the server holds too.</summary>
    /// <exception cref="ArgumentException">The secret is shorter than <see cref="SecretBytesMin"/>.</exception>
    public static GatewayKey Hmac(string keyId, ReadOnlySpan<byte> secret) => secret.Length >= SecretBytesMin
        ? new GatewayKey(keyId, secret.ToArray(), null)
        : throw new ArgumentException($"A secret has at least {SecretBytesMin} bytes.", nameof(secret));

    /// <summary>A key of which the server holds only the public half.</summary>
    /// <param name="keyId">The key's id.</param>
    /// <param name="pem">A private key on P-256, as PEM (PKCS#8 or SEC 1).</param>
    /// <exception cref="ArgumentException">The text is not such a key.</exception>
    public static GatewayKey Ecdsa(string keyId, ReadOnlySpan<char> pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null)
            {
                return new GatewayKey(keyId, null, key);
            }
        }
        catch (CryptographicException)
        {
            // The PEM holds only a public key, or is damaged.
        }
        catch
        {
            key.Dispose();
            throw;
        }

        key.Dispose();
        throw new ArgumentException("The key must be a private key on the curve P-256, as PEM.", nameof(pem));
    }

    /// <summary>Reads a key file: JSON with <c>keyId</c>, and <c>secret</c> (base64) or <c>privateKey</c> (PEM).</summary>
    /// <exception cref="IOException">The file cannot be read, or is not a key file; the message says which and why.</exception>
    public static async Task<GatewayKey> LoadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(file);
            using JsonDocument document = await JsonDocument.ParseAsync(stream, default, cancellationToken);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException or UnauthorizedAccessException)
        {
            throw new IOException($"{file} is not a gateway's key file: {exception.Message} It is JSON with keyId, and secret (base64) or privateKey (PEM).", exception);
        }
    }

    /// <summary>Signs a signature base.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> signatureBase)
    {
        if (_secret is not null)
        {
            byte[] code = HMACSHA256.HashData(_secret, signatureBase);

            // Checked afterwards: Dispose marks the key as disposed before it erases the secret, so while the key is not marked, the code was made with the whole secret.
            Interlocked.MemoryBarrier();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return code;
        }

        byte[] signature = new byte[EcdsaBytes];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _privateKey!.SignData(signatureBase, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        return signature;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Interlocked.MemoryBarrier();
            CryptographicOperations.ZeroMemory(_secret);
            _privateKey?.Dispose();
        }
    }

    private static GatewayKey Read(JsonElement file)
    {
        string keyId = Text(file, "keyId") ?? throw new FormatException("keyId is missing.");
        return Text(file, "secret") is { } secret ? Hmac(keyId, Convert.FromBase64String(secret))
            : Text(file, "privateKey") is { } pem ? Ecdsa(keyId, pem)
            : throw new FormatException("secret or privateKey is missing.");
    }

    private static string? Text(JsonElement file, string name) => file.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
