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

    /// <summary>The number of entries after which an account's snapshot is written again.</summary>
    public const int EntriesPerSnapshot = 256;

    /// <summary>The most relations one person may give, and the most they may be a recipient of; bounds an account's memory.</summary>
    public const int RelationsMax = 30;

    /// <summary>The first year that contributions can be for: the year in which resident insurance began.</summary>
    public const int ContributionYearMin = 2003;

    /// <summary>The last year that contributions can be for.</summary>
    public const int ContributionYearMax = 2200;

    /// <summary>The longest code of an institution (fixmedins_code has 12 characters).</summary>
    public const int InstitutionLengthMax = 30;
}
