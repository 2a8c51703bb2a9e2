using System.Buffers;
using System.Text.Json;

namespace Gongji.Api.Http;

/// <summary>What a line of a batch is.</summary>
internal enum LineOp
{
    /// <summary>It has no text named <c>op</c>, or is not a JSON object.</summary>
    Missing,

    /// <summary>What comes up to its end is not JSON, or it has an escape that is not a character.</summary>
    Unreadable,

    /// <summary>It is something else.</summary>
    Unknown,

    Transfer,
    Accept,
    Credit,
    Payment,
    Contribution,
}

/// <summary>Finds single fields of a line before, or in spite of, the rest of it. Allocates nothing when the field comes first.</summary>
internal static class LineFields
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = ApiLimits.JsonDepthMax };

    /// <summary>What the line says it is.</summary>
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

    /// <summary>What the line says it is, as it stands there; null when that is not to be read.</summary>
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

    /// <summary>The word for what a line is; all that is none of them has one word.</summary>
    public static string NameOf(LineOp op) => op switch
    {
        LineOp.Transfer => "transfer",
        LineOp.Accept => "accept",
        LineOp.Credit => "credit",
        LineOp.Payment => "payment",
        LineOp.Contribution => "contribution",
        _ => "unknown",
    };

    /// <summary>The id of a line that is answered with a problem, so that its sender knows it again; null when there is none to be read.</summary>
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
                // To the end: what follows an object would make it something else.
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

    /// <summary>Not JSON, or an escape that is not a character: whoever reads the whole line says so.</summary>
    private static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;
}
