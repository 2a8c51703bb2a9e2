using System.Globalization;
using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>One figure per pocket of a person's account, in fen: the change an entry makes, or the balances after it.</summary>
public readonly record struct Amounts(long PersonalFen, long WalletFen, long HeldFen, long QuotaFen)
{
    public static Amounts Zero => default;

    /// <summary>The money of all pockets together, in fen.</summary>
    [JsonIgnore]
    public long TotalFen => checked(PersonalFen + WalletFen + HeldFen + QuotaFen);

    /// <summary>Invariant 3: no pocket is ever negative.</summary>
    [JsonIgnore]
    public bool HasNegative => PersonalFen < 0 || WalletFen < 0 || HeldFen < 0 || QuotaFen < 0;

    public static Amounts operator +(Amounts left, Amounts right) => checked(new(
        left.PersonalFen + right.PersonalFen,
        left.WalletFen + right.WalletFen,
        left.HeldFen + right.HeldFen,
        left.QuotaFen + right.QuotaFen));

    /// <summary>The named alternative to the operator.</summary>
    public static Amounts Add(Amounts left, Amounts right) => left + right;

    /// <summary>Money leaves a pocket and is held.</summary>
    public static Amounts Hold(TransferSource source, long amountFen) => source switch
    {
        TransferSource.Personal => new(-amountFen, 0, amountFen, 0),
        TransferSource.Wallet => new(0, -amountFen, amountFen, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };

    /// <summary>Money leaves several pockets and is held.</summary>
    /// <param name="taken">What leaves each pocket: positive, in fen.</param>
    public static Amounts Hold(Amounts taken) => checked(new(-taken.PersonalFen, -taken.WalletFen, taken.TotalFen, -taken.QuotaFen));

    /// <summary>Held money goes back to the pockets it came from.</summary>
    public static Amounts Release(Amounts taken) => checked(new(taken.PersonalFen, taken.WalletFen, -taken.TotalFen, taken.QuotaFen));

    /// <summary>For the amounts of a hold: what left each pocket, positive, in fen.</summary>
    [JsonIgnore]
    public Amounts Taken => checked(new(-PersonalFen, -WalletFen, 0, -QuotaFen));

    /// <summary>Prints the pockets only. Values derived from them may exceed 64 bits in a damaged store, or be of this type themselves.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Amounts {{ PersonalFen = {PersonalFen}, WalletFen = {WalletFen}, HeldFen = {HeldFen}, QuotaFen = {QuotaFen} }}");
}

/// <summary>The pocket a transfer takes money from.</summary>
public enum TransferSource : short
{
    Personal = 1,
    Wallet = 2,
}
