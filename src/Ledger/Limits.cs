namespace Gongji.Ledger;

/// <summary>Every fixed bound of the ledger, in one place. Rules that a region may set are in <see cref="RegionRules"/>.</summary>
public static class Limits
{
    /// <summary>The largest amount of one command, in fen: ten billion yuan, far above any real one.</summary>
    public const long AmountFenMax = 1_000_000_000_000;

    /// <summary>The largest balance of one pocket, in fen. Keeps every sum of pockets inside 64 bits.</summary>
    public const long BalanceFenMax = 1_000_000_000_000_000;

    /// <summary>The longest person identifier (psn_no), in characters.</summary>
    public const int PersonIdLengthMax = 30;

    /// <summary>The longest region name, in characters.</summary>
    public const int RegionNameLengthMax = 100;

    /// <summary>The most transfers a region may allow per wallet and day.</summary>
    public const int TransfersPerDayMax = 1_000_000;

    /// <summary>The most holds one account may have open at once; bounds an account's memory and its snapshot.</summary>
    public const int OpenHoldsMax = 4_096;

    /// <summary>Entries after which an account's snapshot is written again.</summary>
    public const int EntriesPerSnapshot = 256;
}
