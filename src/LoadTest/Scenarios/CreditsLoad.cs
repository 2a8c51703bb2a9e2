using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Gongji.LoadTest;

/// <summary>
/// Monthly credits as lines of one long upload after the other, to one person after the other. Answers are read while lines are sent, and come in the lines' order; each line's
/// latency counts from when its piece of the upload was sent.
/// </summary>
internal sealed class CreditsLoad(IPEndPoint server, int persons, int lines, Recorder recorder, TimeProvider time) : ILoad
{
    private const int LineBytesMax = 160;
    private const int Created = 201;

    private int _next;

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        ConcurrentQueue<(int Lines, long SentAt)> sent = new();
        await Task.WhenAll(Task.Run(() => SendAsync(socket, worker.Chance, sent)), Task.Run(() => ReadAnswersAsync(socket, sent)));
        return ILoad.AlreadyRecorded;
    }

    private async Task SendAsync(Socket socket, Chance chance, ConcurrentQueue<(int Lines, long SentAt)> sent)
    {
        byte[] piece = new byte[BenchLimits.CreditsPerPiece * LineBytesMax];

        // All lines are of one length, so the whole upload's is known.
        long length = (long)WriteLine(piece, chance) * lines;
        string head = string.Create(
            CultureInfo.InvariantCulture, $"POST /v1/credits HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n");
        await SendAllAsync(socket, Encoding.ASCII.GetBytes(head));
        for (int left = lines; left > 0;)
        {
            int count = Math.Min(left, BenchLimits.CreditsPerPiece);
            int used = 0;
            for (int i = 0; i < count; i++)
            {
                used += WriteLine(piece.AsSpan(used), chance);
            }

            sent.Enqueue((count, time.GetTimestamp()));
            await SendAllAsync(socket, piece.AsMemory(0, used));
            left -= count;
        }
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

    private async Task ReadAnswersAsync(Socket socket, ConcurrentQueue<(int Lines, long SentAt)> sent)
    {
        byte[] buffer = new byte[128 * 1_024];
        int filled = 0;
        int linesLeft = 0;
        long sentAt = 0;
        for (int answers = 0; answers < lines;)
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
                    (linesLeft, sentAt) = sent.TryDequeue(out (int, long) piece) ? piece : throw new IOException("There are more answers than lines.");
                }

                linesLeft--;
                answers++;
                recorder.Record(sentAt, status == Created ? null : string.Create(CultureInfo.InvariantCulture, $"status {status}"));
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
        }
    }

    /// <summary>The next status in the text; what is between, also the lengths of chunks, is of no interest.</summary>
    private static bool FindStatus(ReadOnlySpan<byte> text, out int status, out int length)
    {
        ReadOnlySpan<byte> field = "\"status\":"u8;
        int at = text.IndexOf(field);
        length = at + field.Length + 3;
        status = 0;
        return at >= 0 && length <= text.Length && int.TryParse(text.Slice(at + field.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status);
    }
}
