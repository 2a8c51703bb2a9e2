using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Gongji.LoadTest;

/// <summary>One transfer as an HTTP request, and the meaning of its answer.</summary>
internal static class TransferRequest
{
    /// <summary>A buffer size that every request fits into.</summary>
    public const int BytesMax = 1_024;

    private const int Created = 201;
    private const int Done = 200;

    /// <summary>Writes the whole request, head and body.</summary>
    /// <returns>The request's length.</returns>
    public static int Write(Span<byte> target, string host, Guid id, int payer, int payee)
    {
        Span<byte> body = stackalloc byte[BytesMax];
        Utf8.TryWrite(
            body, CultureInfo.InvariantCulture,
            $"{{\"id\":\"{id}\",\"payer\":\"{Population.NameOf(payer)}\",\"payee\":\"{Population.NameOf(payee)}\",\"source\":\"personal\",\"amountFen\":{BenchLimits.AmountFen},\"kinship\":\"parent\"}}",
            out int bodyLength);
        Utf8.TryWrite(
            target, CultureInfo.InvariantCulture,
            $"POST /v1/transfers HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {bodyLength}\r\n\r\n",
            out int headLength);
        body[..bodyLength].CopyTo(target[headLength..]);
        return headLength + bodyLength;
    }

    /// <summary>Null when the transfer is settled, whether by this request or an earlier one; otherwise what the answer says instead.</summary>
    public static string? Refusal(int status, ReadOnlySpan<byte> body)
    {
        if (status is Created or Done && body.IndexOf("\"settled\""u8) >= 0)
        {
            return null;
        }

        // Identifiers differ between requests, so only the head of the answer serves as a reason that can be counted.
        string text = Encoding.UTF8.GetString(body);
        return string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {text[..Math.Min(text.Length, 80)]}");
    }
}
