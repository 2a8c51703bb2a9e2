namespace Gongji.Ledger;

/// <summary>How regions settle what they owe each other. The numbers are stored.</summary>
public enum ClearingBasis : short
{
    /// <summary>全额: each region pays the other all that it owes (the notice of January 2026).</summary>
    Gross = 1,

    /// <summary>轧差: the region that owes more pays the difference.</summary>
    Net = 2,
}

/// <summary>The names of bases in the contract.</summary>
public static class ClearingBases
{
    public static string ToText(ClearingBasis basis) => basis switch
    {
        ClearingBasis.Gross => "gross",
        ClearingBasis.Net => "net",
        _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, "Unknown basis."),
    };

    public static bool TryParse(string? text, out ClearingBasis basis)
    {
        basis = text == "net" ? ClearingBasis.Net : ClearingBasis.Gross;
        return text is "gross" or "net";
    }
}
