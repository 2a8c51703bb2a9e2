using System.CommandLine;
using System.Net;
using Gongji.Silo;

namespace Gongji.Api.Commands;

/// <summary>The options that say where the other silos of the cluster reach this one.</summary>
internal sealed class ClusterArguments
{
    private readonly Option<string> _address = new("--silo-address")
    {
        Description = "With --postgres: this machine's address for the other silos of the cluster. What comes in there is trusted: a private network only.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private readonly Option<int?> _port = new("--silo-port")
    {
        Description = $"With --postgres: its port there. A silo that is started again at the same one takes its own place at once [default: {SiloEndpoint.DefaultPort}, or a free one when that is taken].",
        HelpName = "PORT",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_port);
    }

    /// <summary>What the options say; null with what is wrong.</summary>
    public SiloEndpoint? Read(ParseResult parsed, out string? wrong)
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

        wrong = null;
        return new SiloEndpoint(address, parsed.GetValue(_port));
    }
}
