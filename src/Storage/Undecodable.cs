using System.Text.Json;

namespace Gongji.Storage;

/// <summary>What decoding a row throws when the store was changed from outside; a store that cannot be reached is something else.</summary>
internal static class Undecodable
{
    public static bool Is(Exception exception) =>
        exception is JsonException or FormatException or InvalidCastException or ArgumentException or OverflowException;
}
