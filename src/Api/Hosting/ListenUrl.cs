using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gongji.Api.Hosting;

/// <summary>
/// An address to listen on. One that other machines can reach requires gateways' keys; without them, anyone who can reach the process could move money.
/// </summary>
/// <param name="Address">An address of this machine, or 0.0.0.0 or :: for all; null for <c>localhost</c>, which stands for both loopback addresses.</param>
/// <param name="Port">The port; 0 for a free one.</param>
internal sealed record ListenUrl(IPAddress? Address, int Port)
{
    /// <summary>A free port of 127.0.0.1.</summary>
    public static ListenUrl AnyPort { get; } = new(IPAddress.Loopback, 0);

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Address is null || Address.Equals(IPAddress.IPv6Loopback) || (Address.GetAddressBytes() is [127, _, _, _] && IPAddress.IsLoopback(Address));

    public void Listen(KestrelServerOptions kestrel)
    {
        if (Address is null && Port != 0)
        {
            kestrel.ListenLocalhost(Port);
        }
        else
        {
            kestrel.Listen(Address ?? IPAddress.Loopback, Port);
        }
    }

    /// <summary>
    /// Checks that the address can be bound, before anything else is done. A start that failed later could already have created or migrated a store, which the program's
    /// previous version may then refuse.
    /// </summary>
    /// <exception cref="SocketException">The port is taken or not permitted to this user, or the address is not this machine's.</exception>
    public void Probe()
    {
        foreach (IPAddress address in Address is not null ? [Address] : new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            try
            {
                using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true;
                }

                socket.Bind(new IPEndPoint(address, Port));
                socket.Listen();
            }
            catch (SocketException exception) when (Address is null && exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                // A machine may have only one of the two loopback addresses. When it has neither, the server reports that itself.
            }
        }
    }

    /// <summary>Reads addresses separated by semicolons.</summary>
    public static bool TryParseAll(string text, [NotNullWhen(true)] out IReadOnlyList<ListenUrl>? urls, [NotNullWhen(false)] out string? error)
    {
        List<ListenUrl> all = [];
        error = null;
        foreach (string one in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            error = Read(one, out ListenUrl? url);
            if (error is not null)
            {
                break;
            }

            all.Add(url!);
        }

        error ??= all.Count == 0 ? "--urls names no address: give one like http://127.0.0.1:8080." : null;
        urls = error is null ? all : null;
        return error is null;
    }

    private static string? Read(string text, out ListenUrl? url)
    {
        url = null;
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return $"'{text}' asks for https, which is not built: use http, and a proxy in front that ends TLS (--public-url).";
        }

        // Two spellings by which other servers denote "every address".
        string plain = text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"'{text}' is not an address: give one like http://127.0.0.1:8080.";
        }

        if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return $"'{text}' has more than a host and a port: give one like http://127.0.0.1:8080.";
        }

        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            url = new ListenUrl(null, uri.Port);
            return null;
        }

        if (!IPAddress.TryParse(uri.Host, out IPAddress? address))
        {
            return $"'{text}' names a host: give an address of this machine, like http://127.0.0.1:8080.";
        }

        url = new ListenUrl(address, uri.Port);
        return null;
    }
}
