namespace Gongji.Api.Signing;

/// <summary>Whose calls are accepted, and how signatures are checked.</summary>
internal sealed record SigningOptions
{
    /// <summary>The keys that calls may be signed with.</summary>
    public IReadOnlyList<Gateway> Gateways { get; init; } = [];

    /// <summary>The file that the keys were read from; null for the development key.</summary>
    public string? GatewaysFile { get; init; }

    /// <summary>For development, on loopback only: unsigned calls may do everything. A call that has a signature is checked all the same.</summary>
    public bool AcceptsUnsigned { get; init; }

    /// <summary>This server's address as callers see it, behind a proxy; null to use their Host header.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How far a caller's clock may be ahead of this server's.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The temporary disk space, in bytes, for all signed bodies that are too long for memory together. A single body that exceeds it is refused.</summary>
    public long UploadBytesMax { get; init; } = 4L * 1_024 * 1_048_576;
}
