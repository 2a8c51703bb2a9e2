using System.Net;
using System.Net.Sockets;

namespace Gongji.TestKit;

/// <summary>Finds loopback ports for servers that a test starts.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int Find()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
