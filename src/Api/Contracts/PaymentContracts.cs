using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Pays a designated institution for a person's care or medicine (就医购药).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record PaymentRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). It names the payment for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>The person who is treated, and whose sources pay (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>
    /// The code of the designated institution (定点医药机构, fixmedins_code): 1 to 30 letters and digits. A code that begins with P is a pharmacy.
    /// </summary>
    [InstitutionText]
    public required string Institution { get; init; }

    /// <summary>The amount in fen, at least 1.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>
    /// Where the money comes from, in this order: one to three of the words, each once. Default: <c>personal</c>, <c>wallet</c>, <c>relatives</c>.
    /// <c>relatives</c> means first all quotas that relatives granted, then the relatives' personal accounts. Both are used in the order that the
    /// person has set (<c>PUT /v1/persons/{person}/relatives-order</c>), by default in the order in which the relations were made.
    /// </summary>
    [Words("personal", "wallet", "relatives")]
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>
    /// <c>true</c>: what accounts do not cover is left to be paid in cash. <c>false</c> (default): a payment that accounts do not cover is refused
    /// with 422, usually <c>insufficient-funds</c>.
    /// </summary>
    public bool? AllowCash { get; init; }
}

/// <summary>A payment that was made. <c>GET /v1/payments/{id}</c> gives contributions in this form too.</summary>
public sealed record PaymentAnswer
{
    /// <summary>The id that the caller gave the payment.</summary>
    public required Guid Id { get; init; }

    /// <summary>The person who paid (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>The code of the institution that was paid. null for a contribution.</summary>
    public required string? Institution { get; init; }

    /// <summary>The whole amount in fen, including cash.</summary>
    public required long AmountFen { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>What is left to be paid in cash, in fen.</summary>
    public required long CashFen { get; init; }

    /// <summary>When the payment was made (RFC 3339).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Money of one pocket of one account.</summary>
public sealed record PartAnswer
{
    /// <summary>The person whose account it is (psn_no).</summary>
    [PersonIdText]
    public required string Account { get; init; }

    /// <summary>
    /// <c>personal</c>: the personal account. <c>wallet</c>: the wallet. <c>quota</c>: the aid quota that this person has granted to the one who
    /// pays.
    /// </summary>
    [Words("personal", "wallet", "quota")]
    public required string Pocket { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>
    /// How far the money moves: the tier between this person's region and the region of the person whose payment or contribution it is.
    /// </summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }
}

/// <summary>Refunds a payment or contribution, in full or in part.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RefundRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). It names the refund for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// The amount in fen: at least 1, at most what accounts have paid and was not refunded yet. More than that: 422 <c>refund-over-payment</c>. Cash
    /// is not refunded here, but where it was paid.
    /// </summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A refund that was made.</summary>
public sealed record RefundAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The payment or contribution that was refunded.</summary>
    public required Guid Payment { get; init; }

    /// <summary>
    /// What was refunded, with the pockets that had paid it, in the reverse order of use. If a quota no longer exists, its part went to the
    /// relative's personal account.
    /// </summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>When the refund was decided (RFC 3339).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Pays a contribution (参保缴费) for oneself or for a relative. 409 <c>wrong-state</c>: it is paid already, or is being paid.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record ContributionRequest
{
    /// <summary>
    /// A UUID that the caller chooses (version 7 advised, version 8 not allowed). It names the contribution for ever. A refund
    /// (<c>POST /v1/payments/{id}/refunds</c>) names the contribution by this id.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>The person whose sources pay (psn_no).</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>
    /// The person whose contribution it is (psn_no): the payer, or the recipient of a relation in which the payer is the giver and to which both
    /// consent. Otherwise 422 <c>no-relation</c>.
    /// </summary>
    [PersonIdText]
    public required string Beneficiary { get; init; }

    /// <summary><c>resident-medical</c>: resident medical insurance (居民医保). <c>long-term-care</c>: long-term-care insurance (长期护理保险).</summary>
    [Words("resident-medical", "long-term-care")]
    public required string Scheme { get; init; }

    /// <summary>The year of the contribution. It is paid once per person, scheme and year; after a full refund it can be paid again.</summary>
    [Between(Limits.ContributionYearMin, Limits.ContributionYearMax)]
    public required int Year { get; init; }

    /// <summary>The amount in fen, at least 1.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>
    /// Where the money comes from, as for a payment. <c>relatives</c> is allowed only for the payer's own contribution. Default for a relative's
    /// contribution: <c>personal</c>, <c>wallet</c>.
    /// </summary>
    [Words("personal", "wallet", "relatives")]
    public IReadOnlyList<string>? Sources { get; init; }
}

/// <summary>A contribution that was paid.</summary>
public sealed record ContributionAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The person who paid (psn_no).</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>The person whose contribution was paid (psn_no).</summary>
    [PersonIdText]
    public required string Beneficiary { get; init; }

    /// <summary><c>resident-medical</c>: resident medical insurance (居民医保). <c>long-term-care</c>: long-term-care insurance (长期护理保险).</summary>
    [Words("resident-medical", "long-term-care")]
    public required string Scheme { get; init; }

    /// <summary>The year of the contribution.</summary>
    public required int Year { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>When it was paid (RFC 3339).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A batch line that makes a payment.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchPayment : PaymentRequest
{
    /// <summary>Always <c>payment</c>.</summary>
    [Words("payment")]
    public required string Op { get; init; }
}

/// <summary>A batch line that pays a contribution.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchContribution : ContributionRequest
{
    /// <summary>Always <c>contribution</c>.</summary>
    [Words("contribution")]
    public required string Op { get; init; }
}

/// <summary>The answer to a line that made a payment or paid a contribution, sent when that is durable.</summary>
public sealed record PaymentLineAnswer
{
    /// <summary>The number of the line in the request, from 1. Empty lines are counted but not answered.</summary>
    public required long Line { get; init; }

    /// <summary>The id of the payment or contribution.</summary>
    public required Guid Id { get; init; }

    /// <summary>Always <c>paid</c>.</summary>
    [Words("paid")]
    public required string Status { get; init; }

    /// <summary>What accounts paid, in the order of use.</summary>
    public required IReadOnlyList<PartAnswer> Parts { get; init; }

    /// <summary>What is left to be paid in cash, in fen; 0 for a contribution.</summary>
    public required long CashFen { get; init; }

    /// <summary><c>true</c>: this id was done before with the same content, and this is the first answer again. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replay { get; init; }
}
