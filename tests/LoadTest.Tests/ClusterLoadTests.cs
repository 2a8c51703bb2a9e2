using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gongji.LoadTest.Tests;

public sealed class ClusterLoadTests
{
    private const string Settled = "HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{\"status\":\"settled\"}";
    private const string NotReady = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private const string Refused = "HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 2\r\n\r\n{}";

    [Fact]
    public async Task Transfer_without_an_answer_is_asked_for_at_the_next_server_under_the_same_id()
    {
        await using Server first = new(NotReady);
        await using Server second = new(Settled);
        using ClusterLoad load = new([first.EndPoint, second.EndPoint], new UniformPairs(10), callers: 1, new LeapingTime());

        Assert.Null(await load.RunOnceAsync(new LoadWorker(0, 1)));

        Assert.Equal(Assert.Single(first.Requests), Assert.Single(second.Requests));
        Assert.Equal(KeyValuePair.Create("HTTP 503", 1L), Assert.Single(load.AskedAgain));
    }

    [Fact]
    public async Task Server_that_is_gone_is_left_out()
    {
        Server gone = new(Settled);
        await gone.DisposeAsync();
        await using Server there = new(Settled);
        using ClusterLoad load = new([gone.EndPoint, there.EndPoint], new UniformPairs(10), callers: 1, new LeapingTime());
        LoadWorker worker = new(0, 1);

        Assert.Null(await load.RunOnceAsync(worker));
        Assert.Null(await load.RunOnceAsync(worker));

        Assert.Equal(2, there.Requests.Count);
        Assert.Equal(KeyValuePair.Create("nobody listens", 1L), Assert.Single(load.AskedAgain));
    }

    [Fact]
    public async Task Refusal_is_final()
    {
        await using Server server = new(Refused);
        using ClusterLoad load = new([server.EndPoint], new UniformPairs(10), callers: 1, new LeapingTime());

        Assert.Equal("HTTP 422 {}", await load.RunOnceAsync(new LoadWorker(0, 1)));
        Assert.Empty(load.AskedAgain);
    }

    /// <summary>Gives one answer to every request.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;
        private readonly Task _serving;

        public Server(string answer)
        {
            _answer = Encoding.ASCII.GetBytes(answer);
            _listener.Start();
            EndPoint = (IPEndPoint)_listener.LocalEndpoint;
            _serving = ServeAsync();
        }

        public IPEndPoint EndPoint { get; }

        public List<string> Requests { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        /// <summary>Serves one connection: there is only one caller.</summary>
        private async Task ServeAsync()
        {
            try
            {
                using Socket socket = await _listener.AcceptSocketAsync();
                byte[] buffer = new byte[TransferRequest.BytesMax];
                for (int length; (length = await socket.ReceiveAsync(buffer)) > 0;)
                {
                    Requests.Add(Encoding.ASCII.GetString(buffer, 0, length));
                    await socket.SendAsync(_answer);
                }
            }
            catch (SocketException)
            {
                // Stopped before anybody connected.
            }
        }
    }
}
