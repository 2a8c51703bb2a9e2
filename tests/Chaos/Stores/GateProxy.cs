using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gongji.Chaos.Stores;

/// <summary>A TCP relay on loopback that can be open, closed, or silent.</summary>
internal sealed class GateProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _sockets = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isClosed;
    private volatile TaskCompletionSource? _silence;

    /// <param name="target">The loopback port to relay to.</param>
    public GateProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts every connection; new ones work as before.</summary>
    public void CutAll()
    {
        foreach (Socket socket in _sockets.Keys)
        {
            // Resets the connection instead of closing it gracefully.
            socket.Close(0);
        }
    }

    /// <summary>Cuts every connection and accepts no new ones.</summary>
    public void Close()
    {
        _isClosed = true;
        CutAll();
    }

    /// <summary>Accepts bytes and connections but forwards nothing, like a network that loses everything.</summary>
    public void Silence() => _silence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards what comes, and what was held back.</summary>
    public void Open()
    {
        _isClosed = false;
        TaskCompletionSource? silence = _silence;
        _silence = null;
        silence?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Open();
        _listener.Dispose();
        CutAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                if (_isClosed)
                {
                    client.Close(0);
                }
                else
                {
                    _ = RelayAsync(client);
                }
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
            _sockets[client] = true;
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                Task up = PumpAsync(client, server);
                Task down = PumpAsync(server, client);
                await Task.WhenAny(up, down);
                client.Close(0);
                server.Dispose();
                await Task.WhenAll(up, down);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One end is gone, so the other is closed too.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[65_536];
        while (true)
        {
            int count = await from.ReceiveAsync(buffer, _stop.Token);
            if (_silence is { } silence)
            {
                await silence.Task;
            }

            if (count == 0)
            {
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
