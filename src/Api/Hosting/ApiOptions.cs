using Gongji.Api.Signing;
using Gongji.Silo;

namespace Gongji.Api.Hosting;

/// <summary>The settings of the HTTP side and of its silo.</summary>
internal sealed record ApiOptions
{
    /// <summary>The addresses to listen on.</summary>
    public required IReadOnlyList<ListenUrl> Urls { get; init; }

    public required SiloOptions Silo { get; init; }

    /// <summary>Whose calls are accepted.</summary>
    public SigningOptions Signing { get; init; } = new();

    /// <summary>How long to keep listening after being asked to stop, while /health/ready already reports not ready.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>The lowest level of log messages on the console.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The format of log messages.</summary>
    public LogFormat LogFormat { get; init; }
}
