using System.IO.Pipelines;
using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>
/// Holds back a signed body until its digest has been verified: nothing of a body with a wrong digest is ever acted upon. Up to
/// <see cref="ApiLimits.BodyBytesMax"/> the body stays in the server's own buffer, from which the endpoint reads it; a longer upload is kept in an
/// unnamed temporary file.
/// </summary>
internal static class SignedBody
{
    /// <summary>Reads the body to its end and verifies its digest.</summary>
    /// <returns>The problem; null when the body matches its digest and the endpoint can read it.</returns>
    public static async ValueTask<ProblemAnswer?> VerifyAsync(HttpContext http, BodyDigest digest, bool isUpload, UploadSpace space)
    {
        long? length = http.Request.ContentLength;
        if (length > ApiLimits.BodyBytesMax && !isUpload)
        {
            return ProblemAnswer.TooLarge($"The body is over {ApiLimits.BodyBytesMax} bytes; no request of this kind needs that much.");
        }

        if (length > space.Total)
        {
            return TooLong(space);
        }

        PipeReader reader = http.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > ApiLimits.BodyBytesMax)
            {
                if (isUpload)
                {
                    return await SpoolAsync(http, reader, read, digest, space);
                }

                reader.AdvanceTo(read.Buffer.End);
                return ProblemAnswer.TooLarge($"The body is over {ApiLimits.BodyBytesMax} bytes; no request of this kind needs that much.");
            }

            if (read.IsCompleted)
            {
                bool isRight = digest.IsOf(read.Buffer);
                reader.AdvanceTo(read.Buffer.Start);
                return isRight ? null : Differs();
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async ValueTask<ProblemAnswer?> SpoolAsync(HttpContext http, PipeReader reader, ReadResult read, BodyDigest digest, UploadSpace space)
    {
        SpooledBody? spool = new(space);
        try
        {
            using BodyDigest.Reckoning reckoning = digest.Begin();
            while (true)
            {
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    reckoning.Add(piece.Span);
                    if (await spool.AddAsync(piece, http.RequestAborted) is { } full)
                    {
                        reader.AdvanceTo(read.Buffer.End);
                        return full;
                    }
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }

                read = await reader.ReadAsync(http.RequestAborted);
            }

            if (!reckoning.IsRight())
            {
                return Differs();
            }

            http.Request.Body = spool.ToRead();
            http.Response.RegisterForDisposeAsync(spool);
            spool = null;
            return null;
        }
        finally
        {
            await (spool?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    internal static ProblemAnswer TooLong(UploadSpace space) =>
        ProblemAnswer.TooLarge($"The body is over {space.Total} bytes, which is all that this server keeps of signed bodies (--upload-mib): send it in parts.");

    private static ProblemAnswer Differs() =>
        ProblemAnswer.BadSignature("The body is not the one that Content-Digest says: it was changed on the way, or the digest is of something else. Nothing of it was acted upon. "
            + "The digest is taken of the bytes of the body as they are sent (RFC 9530).");
}
