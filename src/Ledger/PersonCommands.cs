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
public sealed record ReceiptOrder(Guid Id, string Payer, RegionCode PayerRegion, long AmountFen, DateTimeOffset ExpiresAt);
