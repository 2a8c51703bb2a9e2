namespace Gongji.Api.Contracts;

/// <summary>An error (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URN of the code.</summary>
    public required string Type { get; init; }

    /// <summary>The same for every problem of one code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time, and how to mend it.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable, kebab-case: what programs decide by.</summary>
    public required string Code { get; init; }

    /// <summary>Names this request in the server's logs and traces.</summary>
    public required string TraceId { get; init; }
}
