namespace Gongji.Api.Contracts;

/// <summary>An error (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>The code as a URN: <c>urn:gongji:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>A short title, the same for all problems with this code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong in this case, and what to do about it.</summary>
    public required string Detail { get; init; }

    /// <summary>A stable, kebab-case code. Programs should decide by it.</summary>
    public required string Code { get; init; }

    /// <summary>Identifies the request in the server's logs and traces.</summary>
    public required string TraceId { get; init; }
}
