using System.Globalization;
using System.Text.Json;
using Gongji.Client;

namespace Gongji.Api.Signing;

/// <summary>The file that holds the gateways' keys (<c>--gateways</c>). Error messages name the entry and field, never a secret.</summary>
internal static class GatewayFile
{
    private const int KeyIdLengthMax = 100;

    private static readonly string[] Fields = ["keyId", "alg", "secret", "publicKey", "roles", "provinces"];

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">The file is malformed; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read; the message says why.</exception>
    public static IReadOnlyList<Gateway> Read(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Read(document.RootElement, file);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"--gateways {file} is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}."), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"--gateways {file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A warning about the file's permissions; null when they are tight enough.</summary>
    public static string? WarningOf(string file)
    {
        const UnixFileMode tooMuch = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & tooMuch) != UnixFileMode.None
            ? $"{file} can be read by others on this machine, or written: it holds what calls are signed with. Mend it with: chmod 640 {file}"
            : null;
    }

    private static List<Gateway> Read(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("gateways", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw new FormatException($"--gateways {file} must be an object with gateways, a list of at least one key.");
        }

        List<Gateway> gateways = [];
        foreach (JsonElement entry in list.EnumerateArray())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"--gateways {file}, entry {gateways.Count + 1}");
            Gateway gateway = ReadEntry(entry, place);
            if (gateways.Exists(other => other.KeyId == gateway.KeyId))
            {
                throw new FormatException($"{place}: keyId {gateway.KeyId} is there twice; each key has an id of its own.");
            }

            gateways.Add(gateway);
        }

        return gateways;
    }

    private static Gateway ReadEntry(JsonElement entry, string place)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{place} must be an object with {string.Join(", ", Fields)}.");
        }

        string? unknown = entry.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !Fields.Contains(name));
        string keyId = Text(entry, "keyId") is { Length: > 0 and <= KeyIdLengthMax } id && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? id
            : throw new FormatException($"{place}: keyId must be 1 to {KeyIdLengthMax} of A-Z, a-z, 0-9, - _ and .");
        string named = $"{place} (keyId {keyId})";
        if (unknown is not null)
        {
            throw new FormatException($"{named}: {unknown} is not a field; fields are {string.Join(", ", Fields)}.");
        }

        CallerScope scope = new(keyId, ReadRoles(entry, named), ReadProvinces(entry, named));
        return Text(entry, "alg") switch
        {
            SignatureAlgorithms.Hmac => Gateway.Hmac(scope, ReadSecret(entry, named)),
            SignatureAlgorithms.Ecdsa => Gateway.Ecdsa(scope, Text(entry, "publicKey") ?? string.Empty)
                ?? throw new FormatException($"{named}: publicKey must be a public key on P-256 as PEM (-----BEGIN PUBLIC KEY-----), made with: openssl ec -in private.pem -pubout"),
            _ => throw new FormatException($"{named}: alg must be {SignatureAlgorithms.Hmac} or {SignatureAlgorithms.Ecdsa}."),
        };
    }

    private static byte[] ReadSecret(JsonElement entry, string named)
    {
        string text = Text(entry, "secret") ?? string.Empty;
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int written) && written >= GatewayKey.SecretBytesMin
            ? bytes[..written]
            : throw new FormatException($"{named}: secret must be base64 of at least {GatewayKey.SecretBytesMin} bytes, made with: openssl rand -base64 {GatewayKey.SecretBytesMin}");
    }

    private static GatewayRoles ReadRoles(JsonElement entry, string named)
    {
        GatewayRoles roles = GatewayRoles.None;
        foreach (string? role in Texts(entry, "roles"))
        {
            roles |= role switch
            {
                "gateway" => GatewayRoles.Gateway,
                "operator" => GatewayRoles.Operator,
                "auditor" => GatewayRoles.Auditor,
                _ => throw new FormatException($"{named}: roles must be of gateway, operator and auditor."),
            };
        }

        return roles != GatewayRoles.None ? roles : throw new FormatException($"{named}: roles must be a list of at least one of gateway, operator and auditor.");
    }

    private static ProvinceSet ReadProvinces(JsonElement entry, string named)
    {
        string?[] texts = [.. Texts(entry, "provinces")];
        if (texts is ["all"])
        {
            return ProvinceSet.Nation;
        }

        ProvinceSet provinces = default;
        foreach (string? text in texts)
        {
            provinces = text is { Length: 2 } && text[0] != '0' && text.All(char.IsAsciiDigit)
                ? provinces.With(int.Parse(text, CultureInfo.InvariantCulture))
                : throw new FormatException($"{named}: provinces must be two-digit texts like \"32\" (GB/T 2260), or [\"all\"].");
        }

        return !provinces.IsEmpty ? provinces : throw new FormatException($"{named}: provinces must be a list like [\"32\", \"41\"], or [\"all\"].");
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string?> Texts(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)
            : [];
}
