using System.Text.Json;

namespace Gongji.Storage;

/// <summary>Recognises the exceptions that decoding a row throws when the store was changed from outside, as opposed to those of a store that cannot be reached.</summary>
internal static class Undecodable
{
    public static bool Is(Exception exception) =>
        exception is JsonException or FormatException or InvalidCastException or ArgumentException or OverflowException;
}
