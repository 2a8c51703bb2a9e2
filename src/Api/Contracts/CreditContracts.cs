using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>
/// A monthly credit (划入) to a personal account, or the correction of an earlier credit. 422 <c>not-insured</c>: a new credit for somebody who is not
/// an insured employee.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreditRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). The same id never credits twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// The amount in fen. For a new credit at least 1. For a correction the difference, positive or negative, not 0. A correction cannot make the
    /// credit negative (422 <c>amount-over-limit</c>), nor take back more than the personal account has (422 <c>insufficient-funds</c>).
    /// </summary>
    [Between(-Limits.AmountFenMax, Limits.AmountFenMax)]
    public required long AmountFen { get; init; }

    /// <summary>The month of the credit, YYYY-MM. For a correction the month of the credit that is corrected.</summary>
    [Month]
    public required string Period { get; init; }

    /// <summary>
    /// Only for a correction: the id of the credit that was too high or too low. That credit stays as it is. 409 <c>wrong-state</c>: this person has
    /// no such credit for this <c>period</c>.
    /// </summary>
    public Guid? Corrects { get; init; }
}

/// <summary>A line of <c>POST /v1/credits</c>: a monthly credit (划入) to a personal account. Corrections are not possible here.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record CreditLine
{
    /// <summary>The person to credit (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). The same id never credits twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>The amount in fen, at least 1.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>The month of the credit, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }
}

/// <summary>A credit, or a correction, that was made.</summary>
public sealed record CreditAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The person who was credited (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>The amount in fen. For a correction the difference.</summary>
    public required long AmountFen { get; init; }

    /// <summary>The month of the credit, YYYY-MM.</summary>
    [Month]
    public required string Period { get; init; }

    /// <summary>When it was made (RFC 3339).</summary>
    public required DateTimeOffset At { get; init; }
}
