using System.Net;
using System.Net.Sockets;

namespace Gongji.TestKit;

/// <summary>Ports of loopback for servers that a test starts.</summary>
public static class FreePort
{
    /// <summary>One that nobody listens on just now.</summary>
    public static int Find()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
