using System.Buffers;
using System.Text.Json;

namespace Gongji.Api.Http;

/// <summary>The kind of a batch line.</summary>
internal enum LineOp
{
    /// <summary>The line has no text field <c>op</c>, or is not a JSON object.</summary>
    Missing,

    /// <summary>The line is not JSON up to the end of <c>op</c>, or a string in it has an escape that stands for no character.</summary>
    Unreadable,

    /// <summary>The line's <c>op</c> is some other text.</summary>
    Unknown,

    Transfer,
    Accept,
    Credit,
    Payment,
    Contribution,
}

/// <summary>Finds single fields of a line before the rest of it is read, or when the rest is unreadable. Allocates nothing when the field comes first.</summary>
internal static class LineFields
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = ApiLimits.JsonDepthMax };

    /// <summary>The kind of line, by its <c>op</c>.</summary>
    public static LineOp OpOf(in ReadOnlySequence<byte> line)
    {
        Utf8JsonReader reader = new(line, Options);
        try
        {
            return !TryFind(ref reader, "op"u8) || reader.TokenType != JsonTokenType.String ? LineOp.Missing
                : reader.ValueTextEquals("transfer"u8) ? LineOp.Transfer
                : reader.ValueTextEquals("accept"u8) ? LineOp.Accept
                : reader.ValueTextEquals("credit"u8) ? LineOp.Credit
                : reader.ValueTextEquals("payment"u8) ? LineOp.Payment
                : reader.ValueTextEquals("contribution"u8) ? LineOp.Contribution
                : LineOp.Unknown;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return LineOp.Unreadable;
        }
    }

    /// <summary>The line's <c>op</c> as it was sent; null when it cannot be read.</summary>
    public static string? FindOp(in ReadOnlySequence<byte> line)
    {
        Utf8JsonReader reader = new(line, Options);
        try
        {
            return TryFind(ref reader, "op"u8) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>The word for a kind of line; every line of no valid kind has the same word.</summary>
    public static string NameOf(LineOp op) => op switch
    {
        LineOp.Transfer => "transfer",
        LineOp.Accept => "accept",
        LineOp.Credit => "credit",
        LineOp.Payment => "payment",
        LineOp.Contribution => "contribution",
        _ => "unknown",
    };

    /// <summary>The id of a line that is answered with a problem, so that its sender can recognise it; null when it cannot be read.</summary>
    public static Guid? FindId(in ReadOnlySequence<byte> line)
    {
        Utf8JsonReader reader = new(line, Options);
        try
        {
            return TryFind(ref reader, "id"u8) && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out Guid id) ? id : null;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return null;
        }
    }

    /// <summary>Whether the line is one whole JSON object.</summary>
    public static bool IsObject(in ReadOnlySequence<byte> line)
    {
        Utf8JsonReader reader = new(line, Options);
        try
        {
            bool isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // Reads to the end: anything after an object would make the line something else.
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Moves to the value of a field of the outermost object.</summary>
    private static bool TryFind(ref Utf8JsonReader reader, ReadOnlySpan<byte> field)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isFound = reader.ValueTextEquals(field);
            reader.Read();
            if (isFound)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Whether the line is not JSON, or has an escape that stands for no character. The code that reads the whole line reports that.</summary>
    private static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;
}
