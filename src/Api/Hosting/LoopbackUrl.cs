using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gongji.Api.Hosting;

/// <summary>
/// An address to listen on. Signing is not built yet, so whoever can reach the process can move money: only this machine may.
/// </summary>
/// <param name="Address">A loopback address; null for <c>localhost</c>, which is both of them.</param>
/// <param name="Port">The port; 0 for a free one.</param>
internal sealed record LoopbackUrl(IPAddress? Address, int Port)
{
    /// <summary>A free port of 127.0.0.1.</summary>
    public static LoopbackUrl AnyPort { get; } = new(IPAddress.Loopback, 0);

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

    /// <summary>Reads addresses separated by semicolons.</summary>
    public static bool TryParseAll(string text, [NotNullWhen(true)] out IReadOnlyList<LoopbackUrl>? urls, [NotNullWhen(false)] out string? error)
    {
        List<LoopbackUrl> all = [];
        error = null;
        foreach (string one in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            error = Read(one, out LoopbackUrl? url);
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

    private static string? Read(string text, out LoopbackUrl? url)
    {
        url = null;
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return $"'{text}' asks for https, which is not built: use http, on loopback only.";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return text.Contains("//*", StringComparison.Ordinal) || text.Contains("//+", StringComparison.Ordinal)
                ? NotLoopback(text)
                : $"'{text}' is not an address: give one like http://127.0.0.1:8080.";
        }

        if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return $"'{text}' has more than a host and a port: give one like http://127.0.0.1:8080.";
        }

        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            url = new LoopbackUrl(null, uri.Port);
            return null;
        }

        if (!IPAddress.TryParse(uri.Host, out IPAddress? address) || !IsLoopback(address))
        {
            return NotLoopback(text);
        }

        url = new LoopbackUrl(address, uri.Port);
        return null;
    }

    private static bool IsLoopback(IPAddress address) =>
        address.Equals(IPAddress.IPv6Loopback) || (address.GetAddressBytes() is [127, _, _, _] && IPAddress.IsLoopback(address));

    private static string NotLoopback(string text) =>
        $"'{text}' is not a loopback address. Calls are not signed yet, so only this machine may reach the process: use 127.0.0.1, [::1] or localhost.";
}
