using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Gongji.LoadTest;

/// <summary>One transfer a request, over loopback, each caller on a connection of its own.</summary>
internal sealed class HttpLoad(IPEndPoint server, IPairs pairs, int connections, TimeProvider time) : ILoad, IDisposable
{
    private const int RequestBytesMax = 1_024;
    private const int Created = 201;

    private readonly HttpConnection[] _connections = [.. Enumerable.Range(0, connections).Select(_ => new HttpConnection(server))];
    private readonly byte[][] _requests = [.. Enumerable.Range(0, connections).Select(_ => new byte[RequestBytesMax])];
    private readonly string _host = server.ToString();

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        int length = Write(_requests[worker.Index], worker.Chance);
        (int status, ReadOnlyMemory<byte> body) = await _connections[worker.Index].SendAsync(_requests[worker.Index].AsMemory(0, length));
        if (status == Created && body.Span.IndexOf("\"settled\""u8) >= 0)
        {
            return null;
        }

        // Identifiers differ from request to request: only the head of the answer makes a reason that can be counted.
        string text = Encoding.UTF8.GetString(body.Span);
        return string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {text[..Math.Min(text.Length, 80)]}");
    }

    /// <summary>Asks for every person once, so that the server's grains are active and its code compiled, as in the scenarios without HTTP.</summary>
    public Task WarmAsync(int persons, IProgress<int> progress, CancellationToken cancellationToken)
    {
        int next = -1;
        return Task.WhenAll(_connections.Select(connection => Task.Run(
            async () =>
            {
                int person;
                while ((person = Interlocked.Increment(ref next)) < persons && !cancellationToken.IsCancellationRequested)
                {
                    string request = $"GET /v1/persons/{Population.NameOf(person)} HTTP/1.1\r\nHost: {_host}\r\n\r\n";
                    await connection.SendAsync(Encoding.ASCII.GetBytes(request));
                    progress.Report(person);
                }
            },
            cancellationToken)));
    }

    public void Dispose()
    {
        foreach (HttpConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private int Write(Span<byte> target, Chance chance)
    {
        (int payer, int payee) = pairs.Next(chance);
        Span<byte> body = stackalloc byte[RequestBytesMax];
        Utf8.TryWrite(
            body, CultureInfo.InvariantCulture,
            $"{{\"id\":\"{chance.NextId(time.GetUtcNow())}\",\"payer\":\"{Population.NameOf(payer)}\",\"payee\":\"{Population.NameOf(payee)}\",\"source\":\"personal\",\"amountFen\":{BenchLimits.AmountFen},\"kinship\":\"parent\"}}",
            out int bodyLength);
        Utf8.TryWrite(
            target, CultureInfo.InvariantCulture,
            $"POST /v1/transfers HTTP/1.1\r\nHost: {_host}\r\nContent-Type: application/json\r\nContent-Length: {bodyLength}\r\n\r\n",
            out int headLength);
        body[..bodyLength].CopyTo(target[headLength..]);
        return headLength + bodyLength;
    }
}
