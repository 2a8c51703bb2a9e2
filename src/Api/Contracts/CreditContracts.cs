using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>A monthly credit to a personal account (划入).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreditRequest
{
    /// <summary>Chosen by the caller; the same id is never credited twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>The month it is for, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }
}

/// <summary>One line of a stream of credits.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreditLine
{
    /// <summary>The person to credit.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>Chosen by the caller; the same id is never credited twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>The month it is for, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }
}

/// <summary>A credit that is on the account.</summary>
public sealed record CreditAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The person credited.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>The month it is for, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }

    /// <summary>When it was credited.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of one line of a stream, given when it is durable.</summary>
public sealed record LineAnswer
{
    /// <summary>The line's number in the request, from 1; empty lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The line's id; null when it could not be read.</summary>
    public required Guid? Id { get; init; }

    /// <summary>The HTTP status that the line alone would have got.</summary>
    public required int Status { get; init; }

    /// <summary>The id was already credited with the same content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }

    /// <summary>Of a line that failed: the problem's code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>Of a line that failed: what was wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }
}
