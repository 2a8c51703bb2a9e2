namespace Gongji.Chaos.Checks;

/// <summary>An entry of an account, as the product shows it.</summary>
internal sealed record LedgerEntry(string Person, string Kind, long PersonalFen, long WalletFen, long HeldFen);
