using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Pays a designated institution (就医购药).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record PaymentRequest
{
    /// <summary>Chosen by the caller; names the payment for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who is treated, and whose sources are used.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>定点医药机构: its code (fixmedins_code). One that begins with P is a pharmacy.</summary>
    [InstitutionText]
    public required string Institution { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>
    /// Where the money is taken from, in this order; by default personal, wallet, relatives. Of relatives: quotas first, then their personal
    /// accounts, each in the person's own order (relatives-order), by default that in which the relations were made.
    /// </summary>
    [Words("personal", "wallet", "relatives")]
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>Whether what accounts do not cover may be paid in cash; false by default, and the payment is then refused.</summary>
    public bool? AllowCash { get; init; }
}

/// <summary>A payment that was made.</summary>
public sealed record PaymentAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who paid.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>Where; null for a contribution.</summary>
    public required string? Institution { get; init; }

    /// <summary>All that was to be paid, in fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>What is left to be paid in cash, in fen.</summary>
    public required long CashFen { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Money of one pocket of one account.</summary>
public sealed record PartAnswer
{
    /// <summary>Whose.</summary>
    [PersonIdText]
    public required string Account { get; init; }

    /// <summary>Which pocket; quota is what the account's person has earmarked for whoever pays.</summary>
    [Words("personal", "wallet", "quota")]
    public required string Pocket { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>How far the money moves: from the account's region to that of the person it is paid for.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }
}

/// <summary>Refunds a payment or a contribution, whole or in part.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RefundRequest
{
    /// <summary>Chosen by the caller; names the refund for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>In fen, positive; never more than accounts have paid. Cash goes back where it was paid.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A refund that was made.</summary>
public sealed record RefundAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The payment.</summary>
    public required Guid Payment { get; init; }

    /// <summary>What went back, in the reverse order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Pays a contribution (参保缴费) for oneself or a relative.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record ContributionRequest
{
    /// <summary>Chosen by the caller; names the contribution for ever. It is refunded like a payment.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose sources are used.</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>Whose contribution it is: the payer's, or that of somebody the payer gives a relation to.</summary>
    [PersonIdText]
    public required string Beneficiary { get; init; }

    /// <summary>居民医保 or 长期护理保险.</summary>
    [Words("resident-medical", "long-term-care")]
    public required string Scheme { get; init; }

    /// <summary>Paid once per person, scheme and year, unless it is refunded.</summary>
    [Between(Limits.ContributionYearMin, Limits.ContributionYearMax)]
    public required int Year { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>As of a payment; relatives only for one's own contribution.</summary>
    [Words("personal", "wallet", "relatives")]
    public IReadOnlyList<string>? Sources { get; init; }
}

/// <summary>A contribution that was paid.</summary>
public sealed record ContributionAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who paid.</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>For whom.</summary>
    [PersonIdText]
    public required string Beneficiary { get; init; }

    /// <summary>居民医保 or 长期护理保险.</summary>
    [Words("resident-medical", "long-term-care")]
    public required string Scheme { get; init; }

    /// <summary>For which year.</summary>
    public required int Year { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>When it was paid.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A line of a batch that is a payment.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchPayment : PaymentRequest
{
    /// <summary>What the line is.</summary>
    [Words("payment")]
    public required string Op { get; init; }
}

/// <summary>A line of a batch that is a contribution.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchContribution : ContributionRequest
{
    /// <summary>What the line is.</summary>
    [Words("contribution")]
    public required string Op { get; init; }
}

/// <summary>A line that paid something, given when it is durable.</summary>
public sealed record PaymentLineAnswer
{
    /// <summary>The line's number in the request, from 1; empty lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The payment or contribution.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    [Words("paid")]
    public required string Status { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>What is left to be paid in cash, in fen.</summary>
    public required long CashFen { get; init; }

    /// <summary>The id was already done with the same content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}
