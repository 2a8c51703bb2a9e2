using System.Security.Cryptography;
using System.Text.Json;
using Gongji.Client;
using Gongji.Storage;

namespace Gongji.Api.Signing;

/// <summary>
/// The key of a server that was started without any. It may do everything, on loopback only. Its file is in the data directory, readable by its owner alone, so the key
/// survives a restart; <c>call</c> signs with it.
/// </summary>
/// <param name="Gateway">The key.</param>
/// <param name="Secret">In base64.</param>
/// <param name="File">The file that holds it.</param>
internal sealed record DevelopmentGateway(Gateway Gateway, string Secret, string File)
{
    public const string FileName = "development-gateway.json";

    private const string KeyId = "development";

    /// <summary>Reads the key from a directory, or creates one there.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or is damaged; the message says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not writable.</exception>
    public static DevelopmentGateway OpenOrCreate(string directory)
    {
        string file = Path.Combine(directory, FileName);
        if (!System.IO.File.Exists(file))
        {
            Create(directory, file);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
            string secret = document.RootElement.GetProperty("secret").GetString()!;
            byte[] bytes = Convert.FromBase64String(secret);
            if (bytes.Length >= GatewayKey.SecretBytesMin)
            {
                return new DevelopmentGateway(Gateway.Hmac(new CallerScope(KeyId, GatewayRoles.All, ProvinceSet.Nation), bytes), secret, file);
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            // Reported below.
        }

        throw new IOException($"{file} is damaged: delete it, and a new development key is made at the next start.");
    }

    /// <summary>Writes a temporary file and renames it. So another process that starts at the same moment reads a whole file, and both get the same key.</summary>
    private static void Create(string directory, string file)
    {
        PrivateFiles.CreateDirectory(directory);
        string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(GatewayKey.SecretBytesMin));
        string draft = Path.Combine(directory, $".{FileName}.{Guid.NewGuid():N}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFiles.FileMode;
        }

        using (StreamWriter writer = new(draft, options))
        {
            writer.Write($$"""{"keyId":"{{KeyId}}","alg":"{{SignatureAlgorithms.Hmac}}","secret":"{{secret}}"}""" + "\n");
        }

        try
        {
            System.IO.File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (System.IO.File.Exists(file))
        {
            System.IO.File.Delete(draft);
        }
    }
}
