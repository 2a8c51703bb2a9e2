using System.CommandLine;
using System.Net;
using Gongji.Api.Hosting;
using Gongji.Silo;

namespace Gongji.Api.Commands;

/// <summary>The options that say where the other silos of the cluster reach this one.</summary>
internal sealed class ClusterArguments
{
    /// <summary>The silo's port is the API's port plus this offset, so silos on one machine, whose API ports differ, do not collide.</summary>
    private const int AboveUrl = 10_000;

    private readonly Option<string> _address = new("--silo-address")
    {
        Description = "With --postgres: this machine's address for the other silos of the cluster. What comes in there is trusted: a private network only.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private readonly Option<int?> _port = new("--silo-port")
    {
        Description = $"With --postgres: its port there. A silo that is started again at the same one takes its own place at once [default: {AboveUrl} above the first of --urls, or a free one when that is taken].",
        HelpName = "PORT",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_port);
    }

    /// <summary>Parses the options. Returns null when one is wrong, with the reason in <paramref name="wrong"/>.</summary>
    public SiloEndpoint? Read(ParseResult parsed, IReadOnlyList<ListenUrl> urls, bool isOnPostgres, out string? wrong)
    {
        string text = parsed.GetValue(_address) ?? string.Empty;
        if (!IPAddress.TryParse(text, out IPAddress? address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            wrong = $"--silo-address '{text}' is not an address that others can reach: give this machine's own, like 10.0.0.5.";
            return null;
        }

        if (parsed.GetValue(_port) is < 1 or > IPEndPoint.MaxPort)
        {
            wrong = $"--silo-port must be from 1 to {IPEndPoint.MaxPort}.";
            return null;
        }

        if (!isOnPostgres && (parsed.GetResult(_address) is { Implicit: false } || parsed.GetResult(_port) is { Implicit: false }))
        {
            wrong = "--silo-address and --silo-port are for silos that have one ledger in PostgreSQL: give --postgres too, or leave them out.";
            return null;
        }

        wrong = null;
        return parsed.GetValue(_port) is { } asked ? new SiloEndpoint(address, asked, IsAsked: true)
            : new SiloEndpoint(address, urls[0].Port is > 0 and <= IPEndPoint.MaxPort - AboveUrl ? urls[0].Port + AboveUrl : 0);
    }
}
