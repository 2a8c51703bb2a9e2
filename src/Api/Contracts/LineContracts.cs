using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>A line of a batch that is a transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchTransfer : TransferRequest
{
    /// <summary>What the line is.</summary>
    [Words("transfer")]
    public required string Op { get; init; }
}

/// <summary>A line of a batch by which a payee takes a transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchAccept
{
    /// <summary>What the line is.</summary>
    [Words("accept")]
    public required string Op { get; init; }

    /// <summary>The transfer.</summary>
    public required Guid Id { get; init; }

    /// <summary>The payee.</summary>
    [PersonIdText]
    public required string By { get; init; }
}

/// <summary>A line of a batch that is a monthly credit.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchCredit : CreditLine
{
    /// <summary>What the line is.</summary>
    [Words("credit")]
    public required string Op { get; init; }
}

/// <summary>A line whose command is done, given when it is durable.</summary>
public sealed record LineAnswer
{
    /// <summary>The line's number in the request, from 1; empty lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The line's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The HTTP status that the line alone would have got.</summary>
    public required int Status { get; init; }

    /// <summary>The id was already done with the same content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}

/// <summary>A line that made a transfer or accepted one, given when it is durable.</summary>
public sealed record TransferLineAnswer
{
    /// <summary>The line's number in the request, from 1; empty lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The transfer.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where the transfer stands.</summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>How far the money moves.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>When it goes back if nobody accepts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ended; left out while it is held.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The id was already done with the same content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}

/// <summary>A line that failed: the problem (RFC 9457) that the line alone would have got.</summary>
public sealed record LineProblem
{
    /// <summary>The line's number in the request, from 1; empty lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The line's id; null when it could not be read.</summary>
    public required Guid? Id { get; init; }

    /// <summary>A URN of the code.</summary>
    public required string Type { get; init; }

    /// <summary>The same for every problem of one code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status that the line alone would have got.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time, and how to mend it.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable, kebab-case: what programs decide by.</summary>
    public required string Code { get; init; }

    /// <summary>Names this request in the server's logs and traces.</summary>
    public required string TraceId { get; init; }
}
