using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Gongji.Api.Http;

/// <summary>Reads a request's JSON body, strictly and within <see cref="ApiLimits.BodyBytesMax"/>.</summary>
internal static class RequestBody
{
    private static readonly string[] JsonTypes = ["application/json"];

    public static async ValueTask<Parsed<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (!HasMediaType(http.Request, JsonTypes, out ProblemAnswer? wrongType))
        {
            return wrongType;
        }

        if (http.Request.ContentLength > ApiLimits.BodyBytesMax)
        {
            return TooLarge();
        }

        PipeReader reader = http.Request.BodyReader;
        while (true)
        {
            // Nothing is decided yet: when the caller hangs up here, the request is dropped.
            ReadResult read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > ApiLimits.BodyBytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge();
            }

            if (read.IsCompleted)
            {
                Parsed<T> parsed = Parse(SkipByteOrderMark(read.Buffer), type, isLine: false);
                reader.AdvanceTo(read.Buffer.End);
                return parsed;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Whether the request declares its body to be of an allowed media type, in UTF-8 and not compressed.</summary>
    public static bool HasMediaType(HttpRequest request, string[] allowed, [NotNullWhen(false)] out ProblemAnswer? problem)
    {
        problem = null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !allowed.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            problem = ProblemAnswer.UnsupportedMediaType($"The body must be {allowed[0]}: send the header Content-Type: {allowed[0]}.");
        }
        else if (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            problem = ProblemAnswer.UnsupportedMediaType("The body must be UTF-8: leave the charset out of Content-Type.");
        }
        else if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            problem = ProblemAnswer.UnsupportedMediaType("The body must not be compressed: leave Content-Encoding out.");
        }

        return problem is null;
    }

    /// <summary>The body without the byte order mark that some programs write first.</summary>
    public static ReadOnlySequence<byte> SkipByteOrderMark(in ReadOnlySequence<byte> body)
    {
        SequenceReader<byte> reader = new(body);
        return reader.IsNext(Encoding.UTF8.Preamble, advancePast: true) ? reader.UnreadSequence : body;
    }

    /// <summary>Parses one line of a body of several lines: a JSON object.</summary>
    public static Parsed<T> ParseLine<T>(in ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
        where T : class => Parse(line, type, isLine: true);

    private static Parsed<T> Parse<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type, bool isLine)
        where T : class
    {
        if (body.IsSingleSegment)
        {
            return Parse(body.FirstSpan, type, isLine);
        }

        int length = checked((int)body.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, length), type, isLine);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Parsed<T> Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, bool isLine)
        where T : class
    {
        if (!Utf8.IsValid(utf8))
        {
            return ProblemAnswer.Malformed($"{(isLine ? "This line" : "The body")} is not valid UTF-8: encode it as UTF-8.");
        }

        try
        {
            return JsonSerializer.Deserialize(utf8, type) is { } value ? new Parsed<T>(value, null) : ProblemAnswer.Malformed(BodyDiagnosis.Of(utf8, type, isLine));
        }
        catch (JsonException)
        {
            return ProblemAnswer.Malformed(BodyDiagnosis.Of(utf8, type, isLine));
        }
    }

    private static ProblemAnswer TooLarge() =>
        ProblemAnswer.TooLarge($"The body is over {ApiLimits.BodyBytesMax} bytes; no request of this kind needs that much.");
}
