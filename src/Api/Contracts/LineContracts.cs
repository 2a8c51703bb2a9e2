using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>A batch line that makes a transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchTransfer : TransferRequest
{
    /// <summary>Always <c>transfer</c>.</summary>
    [Words("transfer")]
    public required string Op { get; init; }
}

/// <summary>A batch line with which the payee accepts a transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchAccept
{
    /// <summary>Always <c>accept</c>.</summary>
    [Words("accept")]
    public required string Op { get; init; }

    /// <summary>The id of the transfer.</summary>
    public required Guid Id { get; init; }

    /// <summary>The payee (psn_no). Anybody else: 403 <c>outside-scope</c>.</summary>
    [PersonIdText]
    public required string By { get; init; }
}

/// <summary>A batch line that makes a monthly credit.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchCredit : CreditLine
{
    /// <summary>Always <c>credit</c>.</summary>
    [Words("credit")]
    public required string Op { get; init; }
}

/// <summary>The answer to a credit line, sent when the credit is durable.</summary>
public sealed record LineAnswer
{
    /// <summary>The number of the line in the request, from 1. Empty lines are counted but not answered.</summary>
    public required long Line { get; init; }

    /// <summary>The id from the line.</summary>
    public required Guid Id { get; init; }

    /// <summary>The HTTP status that the same credit would get in a call of its own: 201.</summary>
    public required int Status { get; init; }

    /// <summary><c>true</c>: this id was done before with the same content, and this is the first answer again. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}

/// <summary>The answer to a line that made or accepted a transfer, sent when that is durable.</summary>
public sealed record TransferLineAnswer
{
    /// <summary>The number of the line in the request, from 1. Empty lines are counted but not answered.</summary>
    public required long Line { get; init; }

    /// <summary>The id of the transfer.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// The status of the transfer. For a <c>transfer</c> line <c>held</c> or <c>settled</c>, for an <c>accept</c> line <c>settled</c>. The other
    /// values do not occur here.
    /// </summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>How far the money moves: the tier between the payer's and the payee's region.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>When the transfer goes back if nobody accepts it: the first 06:00 in Asia/Shanghai after it was held (RFC 3339).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the transfer ended (RFC 3339). Absent while it is <c>held</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>true</c>: this id was done before with the same content, and this is the first answer again. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}

/// <summary>The answer to a line that failed: the problem (RFC 9457) that the same command would get in a call of its own.</summary>
public sealed record LineProblem
{
    /// <summary>The number of the line in the request, from 1. Empty lines are counted but not answered.</summary>
    public required long Line { get; init; }

    /// <summary>The id from the line. null if it cannot be read.</summary>
    public required Guid? Id { get; init; }

    /// <summary>The code as a URN: <c>urn:gongji:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>A short title, the same for all problems with this code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status that the same command would get in a call of its own.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong in this case, and what to do about it.</summary>
    public required string Detail { get; init; }

    /// <summary>A stable, kebab-case code. Programs should decide by it.</summary>
    public required string Code { get; init; }

    /// <summary>Identifies the request in the server's logs and traces.</summary>
    public required string TraceId { get; init; }
}
