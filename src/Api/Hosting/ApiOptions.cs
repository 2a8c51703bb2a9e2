using Gongji.Api.Signing;
using Gongji.Silo;

namespace Gongji.Api.Hosting;

/// <summary>How the HTTP side and the silo in it are set up.</summary>
internal sealed record ApiOptions
{
    /// <summary>Where to listen.</summary>
    public required IReadOnlyList<ListenUrl> Urls { get; init; }

    public required SiloOptions Silo { get; init; }

    /// <summary>Whose calls are taken.</summary>
    public SigningOptions Signing { get; init; } = new();

    /// <summary>How long to go on listening after being asked to stop, while /health/ready already says no.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>The least level of log messages on the console.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How they are written.</summary>
    public LogFormat LogFormat { get; init; }
}
