using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>A monthly credit to a personal account (划入).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreditRequest
{
    /// <summary>Chosen by the caller; the same id is never credited twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>In fen, positive; of a correction the difference, positive or negative.</summary>
    [Between(-Limits.AmountFenMax, Limits.AmountFenMax)]
    public required long AmountFen { get; init; }

    /// <summary>The month it is for, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }

    /// <summary>Of a correction: the credit that was too much or too little. Credits are never changed, only corrected.</summary>
    public Guid? Corrects { get; init; }
}

/// <summary>One line of a stream of credits.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record CreditLine
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

    /// <summary>In fen; of a correction the difference.</summary>
    public required long AmountFen { get; init; }

    /// <summary>The month it is for, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }

    /// <summary>When it was credited.</summary>
    public required DateTimeOffset At { get; init; }
}
