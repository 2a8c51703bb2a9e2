using System.CommandLine;
using Gongji.Api.Hosting;
using Gongji.Api.Signing;

namespace Gongji.Api.Commands;

/// <summary>The options that say whose calls are accepted.</summary>
internal sealed class SigningArguments
{
    private const int MebibytesMax = 1_048_576;
    private const long BytesPerMebibyte = 1_048_576;

    private readonly Option<string> _gateways = new("--gateways")
    {
        Description = "The keys that calls are signed with, as docs/operating.md says. Without it there is one development key, and the server listens on loopback only.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _unsigned = new("--unsigned")
    {
        Description = "Development: take unsigned calls for anything, on loopback only. A call that is signed is checked all the same.",
    };

    private readonly Option<string> _publicUrl = new("--public-url")
    {
        Description = "The address that callers sign, when a proxy in front changes scheme, host or path, e.g. https://gongji.example/api.",
        HelpName = "URL",
    };

    private readonly Option<int> _clockSkew = new("--clock-skew")
    {
        Description = "Seconds that a caller's clock may be ahead of this server's.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<int> _uploadMebibytes = new("--upload-mib")
    {
        Description = "Temporary disk for signed bodies over 1 MiB while their digest is checked and they are used, all together, in MiB.",
        HelpName = "MIB",
        DefaultValueFactory = _ => 4_096,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _gateways, _unsigned, _publicUrl, _clockSkew, _uploadMebibytes })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Parses the options, without the development key, which is added later. Returns null when one is wrong, with the reason in <paramref name="wrong"/>.</summary>
    public SigningOptions? Read(ParseResult parsed, IReadOnlyList<ListenUrl> urls, out string? wrong)
    {
        bool acceptsUnsigned = parsed.GetValue(_unsigned);
        string? file = parsed.GetValue(_gateways);
        Uri? publicUrl = null;
        wrong = urls.FirstOrDefault(url => !url.IsLoopback) is { } open ? WrongOf(open, acceptsUnsigned, file) : null;
        if (wrong is null && parsed.GetValue(_publicUrl) is { } text)
        {
            bool fits = Uri.TryCreate(text, UriKind.Absolute, out publicUrl)
                && (publicUrl.Scheme == Uri.UriSchemeHttp || publicUrl.Scheme == Uri.UriSchemeHttps)
                && publicUrl.Query.Length + publicUrl.Fragment.Length + publicUrl.UserInfo.Length == 0;
            wrong = fits ? null : $"--public-url '{text}' is not an address: give one like https://gongji.example.";
        }

        wrong ??= parsed.GetValue(_clockSkew) is < 0 or > 300 ? "--clock-skew must be from 0 to 300 seconds."
            : parsed.GetValue(_uploadMebibytes) is < 1 or > MebibytesMax ? $"--upload-mib must be from 1 to {MebibytesMax}."
            : null;
        return wrong is not null ? null : new SigningOptions
        {
            GatewaysFile = file,
            AcceptsUnsigned = acceptsUnsigned,
            PublicUrl = publicUrl,
            ClockSkew = TimeSpan.FromSeconds(parsed.GetValue(_clockSkew)),
            UploadBytesMax = parsed.GetValue(_uploadMebibytes) * BytesPerMebibyte,
        };
    }

    private static string? WrongOf(ListenUrl open, bool acceptsUnsigned, string? file)
    {
        string shown = $"'http://{(open.Address!.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{open.Address}]" : open.Address)}:{open.Port}'";
        return acceptsUnsigned ? $"{shown} is not a loopback address, and --unsigned takes calls from this machine only: leave one of them out."
            : file is null ? $"{shown} is not a loopback address: where other machines reach the server, calls are signed with keys of your own. Give them with --gateways FILE (docs/operating.md)."
            : null;
    }
}
