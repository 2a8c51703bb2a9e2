namespace Gongji.Ledger;

/// <summary>Money moves from a personal account or wallet into a relative's wallet (钱包转账).</summary>
/// <param name="Id">Chosen by the caller; names the transfer for ever.</param>
/// <param name="Payer">The giver.</param>
/// <param name="Payee">The recipient.</param>
/// <param name="Source">The pocket of the giver.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
public sealed record TransferOrder(Guid Id, string Payer, string Payee, TransferSource Source, long AmountFen, Kinship Kinship);

/// <summary>What the giver's rules must know of the recipient.</summary>
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
/// <param name="AmountFen">In fen.</param>
/// <param name="ExpiresAt">From when on it can no longer be received.</param>
/// <param name="PayeeRegion">The recipient's region for which both are known to allow it: that of the hold, or, of one who has moved since, the one that was looked up.</param>
/// <param name="IsAutomatic">Nobody has accepted it: the recipient's wallet has to, by itself.</param>
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
/// <param name="Payer">Whose sources are used.</param>
/// <param name="Institution">定点医药机构, where it is not a contribution.</param>
/// <param name="Purpose">For what.</param>
/// <param name="Beneficiary">Whose care or contribution it is.</param>
/// <param name="Contribution">Of a contribution: which.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Sources">Where the money is taken from, in this order; null: the usual order.</param>
/// <param name="AllowCash">Whether what accounts do not cover may be paid in cash.</param>
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

/// <summary>What a relative's account could pay of somebody's payment when it was asked; only its hold makes it sure.</summary>
/// <param name="Giver">Whose account.</param>
/// <param name="Region">Where the giver is insured.</param>
/// <param name="QuotaFen">What is left of the quota for this recipient, in fen.</param>
/// <param name="PersonalFen">What else is in the personal account, in fen.</param>
public sealed record DrawOffer(string Giver, RegionCode Region, long QuotaFen, long PersonalFen);

/// <summary>A relative's part of a payment.</summary>
/// <param name="Attempt">The operation.</param>
/// <param name="Party">The relative's place in it.</param>
/// <param name="Payer">Whoever pays.</param>
/// <param name="Bill">For what and whom.</param>
/// <param name="Region">Where the relative was insured when the payment was planned.</param>
/// <param name="PersonalFen">From the personal account, in fen.</param>
/// <param name="QuotaFen">From the quota, in fen.</param>
public sealed record DrawOrder(Guid Attempt, int Party, string Payer, Bill Bill, RegionCode Region, long PersonalFen, long QuotaFen);

/// <summary>Gives money of a payment back.</summary>
/// <param name="Id">Chosen by the caller; names the refund for ever.</param>
/// <param name="Attempt">The operation that made the payment.</param>
/// <param name="Terms">The payment, as its entry has it.</param>
/// <param name="AmountFen">In fen, positive.</param>
/// <param name="Regions">Where relatives are insured now, who may have moved since the payment; null: they have not.</param>
public sealed record RefundOrder(Guid Id, Guid Attempt, PaymentTerms Terms, long AmountFen, IReadOnlyDictionary<string, RegionCode>? Regions = null);
