namespace Gongji.Api.Signing;

/// <summary>Whose calls are taken, and how.</summary>
internal sealed record SigningOptions
{
    /// <summary>The keys that calls may be signed with.</summary>
    public IReadOnlyList<Gateway> Gateways { get; init; } = [];

    /// <summary>Where they were read from; null for the development key.</summary>
    public string? GatewaysFile { get; init; }

    /// <summary>Development, on loopback only: calls without a signature are taken for anything. One that has a signature is checked all the same.</summary>
    public bool AcceptsUnsigned { get; init; }

    /// <summary>What callers see as this server's address, behind a proxy; null: what their Host header says.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How far a caller's clock may be ahead of this one.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Temporary disk for signed bodies that are too long for memory, of all calls together, in bytes. One longer than that is refused.</summary>
    public long UploadBytesMax { get; init; } = 4L * 1_024 * 1_048_576;
}
