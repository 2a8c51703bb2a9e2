using System.Net;
using System.Net.Sockets;

namespace Gongji.TestKit;

/// <summary>What happens to the next message through a <see cref="CuttingProxy"/>.</summary>
public enum Cut
{
    /// <summary>Everything is passed on.</summary>
    None,

    /// <summary>The request is dropped and the connection cut: the server never sees the request.</summary>
    BeforeRequest,

    /// <summary>The request is passed on; when the server answers, the answer is dropped and the connection cut.</summary>
    BeforeAnswer,
}

/// <summary>A TCP relay on loopback that can cut a connection at a precise point.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile Cut _next;
    private int _passing;
    private int _cuts;

    /// <param name="target">The loopback port to relay to.</param>
    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of connections cut so far.</summary>
    public int Cuts => _cuts;

    /// <summary>Cuts once, at the next request on any connection.</summary>
    /// <param name="cut">Where to cut.</param>
    /// <param name="passing">The number of requests to let through first.</param>
    public void CutNext(Cut cut, int passing = 0)
    {
        Interlocked.Exchange(ref _passing, passing);
        _next = cut;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                _ = RelayAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy was disposed.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token).ConfigureAwait(false);
                Connection connection = new();
                Task up = PumpAsync(client, server, connection, isRequest: true);
                Task down = PumpAsync(server, client, connection, isRequest: false);
                await Task.WhenAny(up, down).ConfigureAwait(false);
                client.Dispose();
                server.Dispose();
                await Task.WhenAll(up, down).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One end is gone, so the other is closed too.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Connection connection, bool isRequest)
    {
        byte[] buffer = new byte[65_536];
        while (true)
        {
            int count = await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            // Everything that is sent before the server has answered is one request, in however many pieces it arrives.
            bool isNew = isRequest && connection.IsAnswered;
            connection.IsAnswered = !isRequest;
            if (isNew && _next != Cut.None && Interlocked.Decrement(ref _passing) < 0)
            {
                (connection.Cut, _next) = (_next, Cut.None);
            }

            if (connection.Cut == (isRequest ? Cut.BeforeRequest : Cut.BeforeAnswer))
            {
                Interlocked.Increment(ref _cuts);
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count), _stop.Token).ConfigureAwait(false);
        }
    }

    private sealed class Connection
    {
        public volatile Cut Cut;

        /// <summary>Whether the server spoke last. It starts as true because the client begins.</summary>
        public volatile bool IsAnswered = true;
    }
}
