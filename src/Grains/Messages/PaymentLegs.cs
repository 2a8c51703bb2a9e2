using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Asks whether a payment may pay a contribution.</summary>
/// <param name="Payment">The payment, as its caller named it.</param>
/// <param name="Scheme">The scheme of the contribution.</param>
/// <param name="Year">The year of the contribution.</param>
[GenerateSerializer, Immutable, Alias("gongji.contribution-question")]
public sealed record ContributionQuestion([property: Id(0)] Guid Payment, [property: Id(1)] Scheme Scheme, [property: Id(2)] int Year);

/// <summary>The payer's part of a payment.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Attempt">The operation.</param>
/// <param name="Region">Where the beneficiary is insured, when the beneficiary is not the payer.</param>
/// <param name="Offers">What relatives can pay; null when they were not asked.</param>
/// <param name="After">The leg that this one follows.</param>
/// <param name="AreOffersProven">See <see cref="IInsuredPersonGrain.OfferAsync"/>.</param>
[GenerateSerializer, Immutable, Alias("gongji.open-payment")]
public sealed record OpenPayment(
    [property: Id(0)] Pay Payment,
    [property: Id(1)] Guid Attempt,
    [property: Id(2)] string? Region,
    [property: Id(3)] OfferView[]? Offers,
    [property: Id(4)] LegTicket After,
    [property: Id(5)] bool AreOffersProven = false);

/// <summary>The result for the payer's part.</summary>
[GenerateSerializer, Immutable, Alias("gongji.open-payment-reply")]
public sealed record OpenPaymentReply
{
    /// <summary>The entry, when one was written.</summary>
    [Id(0)]
    public LegReply Leg { get; init; }

    /// <summary>Nothing was done: these relatives have to be asked first. If they were asked already, they have to be asked for proven offers. Null: none.</summary>
    [Id(1)]
    public string[]? Givers { get; init; }

    /// <summary>The payer's region.</summary>
    [Id(2)]
    public string? Region { get; init; }

    /// <summary>The terms of the entry that was written, as the ledger keeps them.</summary>
    [Id(3)]
    public byte[]? Terms { get; init; }
}

/// <summary>The payer's decision.</summary>
/// <param name="Attempt">The operation.</param>
/// <param name="Terms">When the payment is made: its terms, as the ledger keeps them. Null when it is abandoned.</param>
/// <param name="After">The leg that this one follows.</param>
[GenerateSerializer, Immutable, Alias("gongji.decide-payment")]
public sealed record DecidePayment([property: Id(0)] Guid Attempt, [property: Id(1)] byte[]? Terms, [property: Id(2)] LegTicket After);

/// <summary>Another party's part of a payment: a relative's money, or the claim of somebody else's contribution.</summary>
[GenerateSerializer, Immutable, Alias("gongji.open-part")]
public sealed record OpenPart(
    [property: Id(0)] Guid Attempt,
    [property: Id(1)] int Party,
    [property: Id(2)] string Payer,
    [property: Id(3)] BillMessage Bill,
    [property: Id(4)] string? Region,
    [property: Id(5)] long PersonalFen,
    [property: Id(6)] long QuotaFen,
    [property: Id(7)] LegTicket After)
{
    /// <summary>Whether the part is no money, but the claim of this party's contribution.</summary>
    internal bool IsClaim => PersonalFen == 0 && QuotaFen == 0;
}

/// <summary>The end of another party's part.</summary>
/// <param name="Part">The part, as it was opened.</param>
/// <param name="IsMade">Whether the payment was made.</param>
/// <param name="After">The leg that this one follows.</param>
[GenerateSerializer, Immutable, Alias("gongji.end-part")]
public sealed record EndPart([property: Id(0)] OpenPart Part, [property: Id(1)] bool IsMade, [property: Id(2)] LegTicket After);

/// <summary>The payer's part of a refund.</summary>
/// <param name="Refund">The refund.</param>
/// <param name="Attempt">The operation that made the payment.</param>
/// <param name="AmountFen">The amount, in fen.</param>
/// <param name="Relatives">Where the relatives who have paid are insured now.</param>
[GenerateSerializer, Immutable, Alias("gongji.refund-leg")]
public sealed record RefundLeg(
    [property: Id(0)] Guid Refund, [property: Id(1)] Guid Attempt, [property: Id(2)] long AmountFen, [property: Id(3)] PersonRegion[] Relatives);

/// <summary>Where a person is insured.</summary>
[GenerateSerializer, Immutable, Alias("gongji.person-region")]
public sealed record PersonRegion([property: Id(0)] string Person, [property: Id(1)] string Region);

/// <summary>Another party's part of a refund; amounts in fen. The attempt is the operation that made the payment.</summary>
[GenerateSerializer, Immutable, Alias("gongji.refund-part")]
public sealed record RefundPart(
    [property: Id(0)] Guid Refund,
    [property: Id(1)] int Party,
    [property: Id(2)] string Payer,
    [property: Id(3)] BillMessage Bill,
    [property: Id(4)] string? Region,
    [property: Id(5)] long PersonalFen,
    [property: Id(6)] long QuotaFen,
    [property: Id(7)] Guid Attempt)
{
    /// <summary>Whether the part is no money, but the release of this party's contribution, so that it can be paid again.</summary>
    internal bool IsRelease => PersonalFen == 0 && QuotaFen == 0;
}
