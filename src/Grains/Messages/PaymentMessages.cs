using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Pays for care or a contribution; see <see cref="PaymentOrder"/>. The amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.pay")]
public sealed record Pay(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Payer,
    [property: Id(2)] string? Institution,
    [property: Id(3)] PaymentPurpose Purpose,
    [property: Id(4)] string Beneficiary,
    [property: Id(5)] Scheme? Scheme,
    [property: Id(6)] int Year,
    [property: Id(7)] long AmountFen,
    [property: Id(8)] PaymentSource[]? Sources,
    [property: Id(9)] bool AllowCash)
{
    internal PaymentOrder ToOrder() => new(
        Id, Payer, Institution, Purpose, Beneficiary, Scheme is { } scheme ? new ContributionYear(scheme, Year) : null, AmountFen, Sources, AllowCash);
}

/// <summary>A payment as the ledger durably has it; amounts in fen. Its entries belong to the operation of the attempt that made it.</summary>
[GenerateSerializer, Immutable, Alias("gongji.payment-view")]
public sealed record PaymentView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Payer,
    [property: Id(2)] string? Institution,
    [property: Id(3)] string Beneficiary,
    [property: Id(4)] Scheme? Scheme,
    [property: Id(5)] int Year,
    [property: Id(6)] long AmountFen,
    [property: Id(7)] long CashFen,
    [property: Id(8)] PartView[] Parts,
    [property: Id(9)] DateTimeOffset At,
    [property: Id(10)] Guid Attempt)
{
    internal static PaymentView Of(Guid attempt, string payer, PaymentTerms terms, DateTimeOffset at) => new(
        terms.Payment,
        payer,
        terms.Institution,
        terms.Bill.Beneficiary,
        terms.Bill.Contribution?.Scheme,
        terms.Bill.Contribution?.Year ?? 0,
        terms.AmountFen,
        terms.CashFen,
        PartView.Of(terms.Parts, terms.Bill),
        at,
        attempt);
}

/// <summary>Money of one pocket of one account in a payment or refund; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.part-view")]
public sealed record PartView(
    [property: Id(0)] string Account, [property: Id(1)] Pocket Pocket, [property: Id(2)] long AmountFen, [property: Id(3)] Tier Tier)
{
    internal static PartView[] Of(IEnumerable<PaymentPart> parts, Bill bill) =>
        [.. parts.Select(part => new PartView(part.Account, part.Pocket, part.AmountFen, Tiers.Between(part.Region, bill.Region)))];
}

/// <summary>Refunds a payment or contribution, whole or in part; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.refund")]
public sealed record RefundPayment([property: Id(0)] Guid Id, [property: Id(1)] Guid Payment, [property: Id(2)] long AmountFen);

/// <summary>A refund as the ledger durably has it.</summary>
[GenerateSerializer, Immutable, Alias("gongji.refund-view")]
public sealed record RefundView(
    [property: Id(0)] Guid Id, [property: Id(1)] Guid Payment, [property: Id(2)] PartView[] Parts, [property: Id(3)] DateTimeOffset At)
{
    internal static RefundView Of(RefundState state) => new(state.Id, state.Terms.Payment, PartView.Of(state.Terms.Parts, state.Terms.Bill), state.At);
}

/// <summary>What is paid; see <see cref="Bill"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.bill")]
public sealed record BillMessage(
    [property: Id(0)] PaymentPurpose Purpose,
    [property: Id(1)] string Beneficiary,
    [property: Id(2)] string Region,
    [property: Id(3)] Scheme? Scheme,
    [property: Id(4)] int Year)
{
    internal static BillMessage Of(Bill bill) =>
        new(bill.Purpose, bill.Beneficiary, bill.Region.ToString(), bill.Contribution?.Scheme, bill.Contribution?.Year ?? 0);

    internal Bill ToBill() =>
        new(Purpose, Beneficiary, RegionCode.Parse(Region), Scheme is { } scheme ? new ContributionYear(scheme, Year) : null);
}
