using System.Net;
using System.Net.Sockets;

namespace Gongji.Silo;

/// <summary>Where the other silos of a cluster reach this one.</summary>
/// <param name="Address">An address of this machine.</param>
/// <param name="Port">Null: <see cref="DefaultPort"/>, or a free one when that is taken.</param>
public sealed record SiloEndpoint(IPAddress Address, int? Port)
{
    /// <summary>A fixed one, so that a silo that was killed and started again takes its own place in the cluster at once.</summary>
    public const int DefaultPort = 11_111;

    /// <summary>The port to listen on.</summary>
    /// <exception cref="IOException">The port that was asked for is taken, or the address is not this machine's.</exception>
    internal int ChoosePort()
    {
        if (IsFree(Port ?? DefaultPort, out SocketError error))
        {
            return Port ?? DefaultPort;
        }

        if (error == SocketError.AddressNotAvailable)
        {
            throw new IOException($"--silo-address {Address} is not an address of this machine: give one that is.");
        }

        return Port is null ? FreePort(Address) : throw new IOException($"--silo-port {Port} on {Address} is taken ({error}): stop what listens there, or give another.");
    }

    /// <summary>Some port that nobody listens on.</summary>
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
