using System.Net;
using System.Net.Sockets;

namespace Gongji.Silo;

/// <summary>Where the other silos of a cluster reach this one.</summary>
/// <param name="Address">An address of this machine.</param>
/// <param name="Port">0 for any free port. With a fixed port, a silo that was killed and restarted takes its own place in the cluster at once.</param>
/// <param name="IsAsked">Whether this port was requested explicitly: then no other port will do.</param>
public sealed record SiloEndpoint(IPAddress Address, int Port = 0, bool IsAsked = false)
{
    /// <summary>The port to listen on.</summary>
    /// <exception cref="IOException">The requested port is taken, or the address is not this machine's.</exception>
    internal int ChoosePort()
    {
        if (!IsFree(Port, out SocketError error))
        {
            return error == SocketError.AddressNotAvailable ? throw new IOException($"--silo-address {Address} is not an address of this machine: give one that is.")
                : IsAsked ? throw new IOException($"--silo-port {Port} on {Address} is taken ({error}): stop what listens there, or give another.")
                : FreePort(Address);
        }

        return Port == 0 ? FreePort(Address) : Port;
    }

    /// <summary>A port that nobody listens on.</summary>
    internal static int FreePort(IPAddress address)
    {
        using TcpListener listener = new(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool IsFree(int port, out SocketError error)
    {
        try
        {
            using TcpListener listener = new(Address, port);
            listener.Start();
            error = SocketError.Success;
            return true;
        }
        catch (SocketException exception)
        {
            error = exception.SocketErrorCode;
            return false;
        }
    }
}
