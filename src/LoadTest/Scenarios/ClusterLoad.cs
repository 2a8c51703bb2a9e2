using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gongji.LoadTest;

/// <summary>
/// One transfer per request, with callers spread over the servers of a cluster, as gateways would. A caller without an answer, or with one that says to ask again, asks the
/// next server for the same transfer until it is settled. A transfer's latency runs from the first request to the answer that it is settled.
/// </summary>
internal sealed class ClusterLoad(IReadOnlyList<IPEndPoint> servers, IPairs pairs, int callers, TimeProvider time) : ILoad, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(BenchLimits.AskAgainSeconds);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(BenchLimits.AskAgainMs);

    private readonly Caller[] _callers = [.. Enumerable.Range(0, callers).Select(index => new Caller(index, servers))];
    private readonly ConcurrentDictionary<string, long> _again = new();

    /// <summary>How often transfers were retried, by reason.</summary>
    public IReadOnlyDictionary<string, long> AskedAgain => _again;

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        Caller caller = _callers[worker.Index];
        (int payer, int payee) = pairs.Next(worker.Chance);
        int length = TransferRequest.Write(caller.Request, caller.Host, worker.Chance.NextId(time.GetUtcNow()), payer, payee);
        long started = time.GetTimestamp();
        while (true)
        {
            (string? refusal, bool isOpen) = await AskAsync(caller.Connections[caller.At], caller.Request.AsMemory(0, length));
            if (!isOpen || time.GetElapsedTime(started) > Patience)
            {
                return refusal;
            }

            _again.AddOrUpdate(refusal ?? string.Empty, 1, static (_, count) => count + 1);
            caller.At = (caller.At + 1) % servers.Count;
            await Task.Delay(Pause, time);
        }
    }

    public void Dispose()
    {
        foreach (HttpConnection connection in _callers.SelectMany(caller => caller.Connections))
        {
            connection.Dispose();
        }
    }

    /// <summary>The result of one attempt, and whether the transfer's outcome is still open.</summary>
    private static async Task<(string? Refusal, bool IsOpen)> AskAsync(HttpConnection connection, ReadOnlyMemory<byte> request)
    {
        try
        {
            (int status, ReadOnlyMemory<byte> body) = await connection.SendAsync(request);
            bool isOpen = (HttpStatusCode)status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
            return (isOpen ? string.Create(CultureInfo.InvariantCulture, $"HTTP {status}") : TransferRequest.Refusal(status, body.Span), isOpen);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return (failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "nobody listens" : "the connection broke", true);
        }
    }

    private sealed class Caller(int index, IReadOnlyList<IPEndPoint> servers)
    {
        public HttpConnection[] Connections { get; } = [.. servers.Select(server => new HttpConnection(server))];

        /// <summary>The Host header; all servers accept this one.</summary>
        public string Host { get; } = servers[0].ToString();

        public byte[] Request { get; } = new byte[TransferRequest.BytesMax];

        /// <summary>The index of the server to ask next.</summary>
        public int At { get; set; } = index % servers.Count;
    }
}
