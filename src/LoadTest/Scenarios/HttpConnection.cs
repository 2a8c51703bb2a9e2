using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Gongji.LoadTest;

/// <summary>
/// One HTTP/1.1 connection to a server on loopback, with one request at a time: just enough of the protocol to load a server without using more
/// processor time than the server. Answers must have a Content-Length or be chunked.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1_024];
    private Socket? _socket;
    private int _length;

    /// <summary>Sends a whole request and reads the answer.</summary>
    /// <returns>The status, and the body, which is valid until the next call.</returns>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request)
    {
        try
        {
            _socket ??= await ConnectAsync();
            for (ReadOnlyMemory<byte> rest = request; rest.Length > 0;)
            {
                rest = rest[await _socket.SendAsync(rest)..];
            }

            return await ReadAnswerAsync(_socket);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return socket;
    }

    private async Task<(int Status, ReadOnlyMemory<byte> Body)> ReadAnswerAsync(Socket socket)
    {
        _length = 0;
        int headerEnd;
        while ((headerEnd = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync(socket);
        }

        int bodyAt = headerEnd + 4;
        if (!Utf8Parser.TryParse(_buffer.AsSpan("HTTP/1.1 ".Length), out int status, out _))
        {
            throw new IOException("Not an HTTP answer.");
        }

        if (FindLength(_buffer.AsSpan(0, bodyAt)) is { } contentLength)
        {
            while (_length < bodyAt + contentLength)
            {
                await ReceiveAsync(socket);
            }

            return (status, _buffer.AsMemory(bodyAt, contentLength));
        }

        // Chunked: reads until the last chunk. The chunk lengths that stay in the body do no harm, since it is only searched.
        while (!_buffer.AsSpan(bodyAt, _length - bodyAt).EndsWith("0\r\n\r\n"u8))
        {
            await ReceiveAsync(socket);
        }

        return (status, _buffer.AsMemory(bodyAt, _length - bodyAt));
    }

    private async Task ReceiveAsync(Socket socket)
    {
        int received = await socket.ReceiveAsync(_buffer.AsMemory(_length));
        if (received == 0)
        {
            throw new IOException(_length == _buffer.Length ? "The answer is too long." : "The server closed the connection.");
        }

        _length += received;
    }

    private static int? FindLength(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        int at = header.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(header[(at + name.Length)..], out int length, out _) ? length : null;
    }
}
