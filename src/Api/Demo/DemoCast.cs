namespace Gongji.Api.Demo;

/// <summary>The people of the story, and where they are insured.</summary>
internal static class DemoCast
{
    public const string Suzhou = "320500";
    public const string Zhengzhou = "410100";

    /// <summary>A region that allows a narrow set of kinships.</summary>
    public const string Wuhan = "420100";

    /// <summary>A region that is not live.</summary>
    public const string Hangzhou = "330100";

    /// <summary>The hospital's code as a designated institution.</summary>
    public const string Hospital = "H41010000001";

    public const string Daughter = "suzhou-daughter";
    public const string Father = "zhengzhou-father";

    /// <summary>A person without a wallet.</summary>
    public const string Mother = "zhengzhou-mother";

    public const string Brother = "wuhan-brother";
    public const string Grandmother = "hangzhou-grandmother";
}
