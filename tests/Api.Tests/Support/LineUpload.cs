using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gongji.Api.Tests.Support;

/// <summary>A stream of lines that is sent by hand, piece by piece, while its answers are read.</summary>
internal sealed class LineUpload : IAsyncDisposable
{
    private readonly TcpClient _connection = new();
    private NetworkStream _stream = null!;
    private StreamReader _reader = null!;

    public static async Task<LineUpload> StartAsync(Uri address, string path)
    {
        LineUpload upload = new();
        await upload._connection.ConnectAsync(address.Host, address.Port);
        upload._stream = upload._connection.GetStream();
        upload._reader = new StreamReader(upload._stream);
        await upload.WriteAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        return upload;
    }

    /// <summary>Sends a chunk.</summary>
    public Task SendAsync(string content) => WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{content.Length:x}\r\n{content}\r\n"));

    /// <summary>Sends the beginning of a chunk that claims to be longer than what is sent.</summary>
    public Task SendBrokenAsync(string content) => WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{content.Length + 10:x}\r\n{content}"));

    /// <summary>The next line of the answer that is content, not HTTP framing.</summary>
    public async Task<string> NextAnswerAsync()
    {
        while (true)
        {
            string line = await _reader.ReadLineAsync() ?? throw new InvalidOperationException("The answer ended.");
            if (line.StartsWith("{\"line\"", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Ends the request and reads the answer to its end.</summary>
    public async Task EndAsync()
    {
        await WriteAsync("0\r\n\r\n");
        await _reader.ReadToEndAsync();
    }

    /// <summary>Disconnects abruptly when the request has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        _reader.Dispose();
        await _stream.DisposeAsync();
        _connection.Dispose();
    }

    private async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
