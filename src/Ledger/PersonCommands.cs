namespace Gongji.Ledger;

/// <summary>Money moves from a personal account or wallet into a relative's wallet (钱包转账).</summary>
/// <param name="Id">Chosen by the caller; names the transfer for ever.</param>
/// <param name="Payer">The giver.</param>
/// <param name="Payee">The recipient.</param>
/// <param name="Source">The pocket of the giver.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
public sealed record TransferOrder(Guid Id, string Payer, string Payee, TransferSource Source, long AmountFen, Kinship Kinship);

/// <summary>What the giver's rules need to know of the recipient.</summary>
public sealed record PayeeStanding(RegionCode Region, bool Insured, bool WalletOpen, bool AutoAccept);

/// <summary>Money from outside into a personal account (划入).</summary>
/// <param name="Id">Chosen by the caller.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Period">The month, <c>YYYY-MM</c>.</param>
public sealed record CreditOrder(Guid Id, long AmountFen, string Period);

/// <summary>The recipient's part of a transfer, as its durable hold states it.</summary>
/// <param name="Id">The transfer.</param>
/// <param name="Payer">The giver.</param>
/// <param name="PayerRegion">The region whose fund owes the money.</param>
/// <param name="AmountFen">The amount, in fen.</param>
/// <param name="ExpiresAt">When it can no longer be received.</param>
/// <param name="PayeeRegion">The recipient's region for which both regions' rules are known to allow it: that of the hold or, if the recipient has moved since, the new one.</param>
/// <param name="IsAutomatic">Whether nobody has accepted it, so that the recipient's wallet must accept automatically.</param>
public sealed record ReceiptOrder(
    Guid Id, string Payer, RegionCode PayerRegion, long AmountFen, DateTimeOffset ExpiresAt, RegionCode PayeeRegion, bool IsAutomatic = false);

/// <summary>Corrects a credit.</summary>
/// <param name="Id">Chosen by the caller.</param>
/// <param name="AmountFen">The difference in fen, positive or negative.</param>
/// <param name="Period">The month of the credit, <c>YYYY-MM</c>.</param>
/// <param name="Credit">The credit.</param>
public sealed record CorrectionOrder(Guid Id, long AmountFen, string Period, Guid Credit);

/// <summary>Pays for care at an institution, or a contribution.</summary>
/// <param name="Id">Chosen by the caller; names the payment for ever.</param>
/// <param name="Payer">The person whose sources are used.</param>
/// <param name="Institution">定点医药机构, unless it is a contribution.</param>
/// <param name="Purpose">What is paid for.</param>
/// <param name="Beneficiary">The person whose care or contribution it is.</param>
/// <param name="Contribution">For a contribution: which one.</param>
/// <param name="AmountFen">The amount in fen, positive.</param>
/// <param name="Sources">Where the money is taken from, in this order; null for the usual order.</param>
/// <param name="AllowCash">Whether what the accounts do not cover may be paid in cash.</param>
public sealed record PaymentOrder(
    Guid Id,
    string Payer,
    string? Institution,
    PaymentPurpose Purpose,
    string Beneficiary,
    ContributionYear? Contribution,
    long AmountFen,
    IReadOnlyList<PaymentSource>? Sources,
    bool AllowCash);

/// <summary>What a relative's account could pay towards somebody's payment when it was asked; it becomes certain only with the hold.</summary>
/// <param name="Giver">The relative.</param>
/// <param name="Region">Where the giver is insured.</param>
/// <param name="QuotaFen">What is left of the quota for this recipient, in fen.</param>
/// <param name="PersonalFen">What else is in the personal account, in fen.</param>
public sealed record DrawOffer(string Giver, RegionCode Region, long QuotaFen, long PersonalFen);

/// <summary>A relative's part of a payment.</summary>
/// <param name="Attempt">The operation.</param>
/// <param name="Party">The relative's place in it.</param>
/// <param name="Payer">The payer.</param>
/// <param name="Bill">What is paid, and for whom.</param>
/// <param name="Region">Where the relative was insured when the payment was planned.</param>
/// <param name="PersonalFen">From the personal account, in fen.</param>
/// <param name="QuotaFen">From the quota, in fen.</param>
public sealed record DrawOrder(Guid Attempt, int Party, string Payer, Bill Bill, RegionCode Region, long PersonalFen, long QuotaFen);

/// <summary>Refunds money of a payment.</summary>
/// <param name="Id">Chosen by the caller; names the refund for ever.</param>
/// <param name="Attempt">The operation that made the payment.</param>
/// <param name="Terms">The payment, as its entry has it.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Regions">Where the relatives are insured now, since they may have moved; null: where they were at the payment.</param>
public sealed record RefundOrder(Guid Id, Guid Attempt, PaymentTerms Terms, long AmountFen, IReadOnlyDictionary<string, RegionCode>? Regions = null);
