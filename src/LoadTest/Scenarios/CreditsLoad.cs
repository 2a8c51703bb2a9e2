using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Gongji.LoadTest;

/// <summary>
/// Monthly credits to one person after another, as lines of one long upload after another. Answers are read while lines are sent, and arrive in the order of the lines. Each line's
/// latency counts from when its piece of the upload was sent. An upload ends early when the load is stopped.
/// </summary>
internal sealed class CreditsLoad(IPEndPoint server, int persons, int lines, Recorder recorder, TimeProvider time) : ILoad
{
    private const int LineBytesMax = 160;
    private const int Created = 201;

    /// <summary>A chunk length of six digits with its line end.</summary>
    private const int ChunkHeadBytes = 8;

    private int _next;

    private static ReadOnlySpan<byte> ChunkEnd => "\r\n"u8;

    /// <summary>Describes how long the last complete upload took; null when there was none.</summary>
    public string? LastWhole { get; private set; }

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        long started = time.GetTimestamp();
        Upload upload = new();
        await Task.WhenAll(Task.Run(() => SendAsync(socket, worker, upload)), Task.Run(() => ReadAnswersAsync(socket, upload)));
        if (upload.Lines == lines)
        {
            double seconds = time.GetElapsedTime(started).TotalSeconds;
            LastWhole = string.Create(CultureInfo.InvariantCulture, $"one upload of {lines:N0} lines took {seconds:F1} s, {lines / seconds:N0}/s");
        }

        return ILoad.AlreadyRecorded;
    }

    private async Task SendAsync(Socket socket, LoadWorker worker, Upload upload)
    {
        byte[] piece = new byte[ChunkHeadBytes + (BenchLimits.CreditsPerPiece * LineBytesMax) + ChunkEnd.Length];
        await SendAllAsync(
            socket, Encoding.ASCII.GetBytes($"POST /v1/credits HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"));
        int sent = 0;
        while (sent < lines && !worker.IsStopping)
        {
            int count = Math.Min(lines - sent, BenchLimits.CreditsPerPiece);
            int used = ChunkHeadBytes;
            for (int i = 0; i < count; i++)
            {
                used += WriteLine(piece.AsSpan(used), worker.Chance);
            }

            upload.Sent.Enqueue((count, time.GetTimestamp()));
            Utf8.TryWrite(piece, CultureInfo.InvariantCulture, $"{used - ChunkHeadBytes:X6}\r\n", out _);
            ChunkEnd.CopyTo(piece.AsSpan(used));
            await SendAllAsync(socket, piece.AsMemory(0, used + ChunkEnd.Length));
            sent += count;
        }

        upload.Complete(sent);
        await SendAllAsync(socket, "0\r\n\r\n"u8.ToArray());
    }

    private int WriteLine(Span<byte> target, Chance chance)
    {
        _next = (_next + 1) % persons;
        Utf8.TryWrite(
            target, CultureInfo.InvariantCulture,
            $"{{\"person\":\"{Population.NameOf(_next)}\",\"id\":\"{chance.NextId(time.GetUtcNow())}\",\"amountFen\":{BenchLimits.AmountFen},\"period\":\"2024-12\"}}\n",
            out int written);
        return written;
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private async Task ReadAnswersAsync(Socket socket, Upload upload)
    {
        byte[] buffer = new byte[128 * 1_024];
        int filled = 0;
        int linesLeft = 0;
        long sentAt = 0;

        // The number of answers is known once all lines are sent; the answer ends only after that.
        for (int answers = 0; upload.Lines is not { } all || answers < all;)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (received == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            filled += received;
            int at = 0;
            while (FindStatus(buffer.AsSpan(at, filled - at), out int status, out int length))
            {
                at += length;
                if (linesLeft == 0)
                {
                    (linesLeft, sentAt) = upload.Sent.TryDequeue(out (int, long) piece) ? piece : throw new IOException("There are more answers than lines.");
                }

                linesLeft--;
                answers++;
                recorder.Record(sentAt, status == Created ? null : string.Create(CultureInfo.InvariantCulture, $"status {status}"));
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
        }
    }

    /// <summary>Finds the next status in the text. Everything between statuses, such as chunk lengths, is skipped.</summary>
    private static bool FindStatus(ReadOnlySpan<byte> text, out int status, out int length)
    {
        ReadOnlySpan<byte> field = "\"status\":"u8;
        int at = text.IndexOf(field);
        length = at + field.Length + 3;
        status = 0;
        return at >= 0 && length <= text.Length && int.TryParse(text.Slice(at + field.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status);
    }

    /// <summary>What the sending loop tells the reading loop.</summary>
    private sealed class Upload
    {
        private int _lines = -1;

        /// <summary>The pieces that were sent: the number of lines, and when.</summary>
        public ConcurrentQueue<(int Lines, long SentAt)> Sent { get; } = new();

        /// <summary>The total number of lines; null while it is unknown.</summary>
        public int? Lines => Volatile.Read(ref _lines) is >= 0 and int lines ? lines : null;

        /// <summary>Records that all lines are sent.</summary>
        public void Complete(int lines) => Volatile.Write(ref _lines, lines);
    }
}
