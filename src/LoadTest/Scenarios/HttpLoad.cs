using System.Net;
using System.Text;

namespace Gongji.LoadTest;

/// <summary>One transfer per request, over loopback; each caller has its own connection.</summary>
internal sealed class HttpLoad(IPEndPoint server, IPairs pairs, int connections, TimeProvider time) : ILoad, IDisposable
{
    private readonly HttpConnection[] _connections = [.. Enumerable.Range(0, connections).Select(_ => new HttpConnection(server))];
    private readonly byte[][] _requests = [.. Enumerable.Range(0, connections).Select(_ => new byte[TransferRequest.BytesMax])];
    private readonly string _host = server.ToString();

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        byte[] request = _requests[worker.Index];
        (int payer, int payee) = pairs.Next(worker.Chance);
        int length = TransferRequest.Write(request, _host, worker.Chance.NextId(time.GetUtcNow()), payer, payee);
        (int status, ReadOnlyMemory<byte> body) = await _connections[worker.Index].SendAsync(request.AsMemory(0, length));
        return TransferRequest.Refusal(status, body.Span);
    }

    /// <summary>Requests every person once, so that the server's grains are active and its code compiled, as in the scenarios without HTTP.</summary>
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
}
