namespace Gongji.Api.Demo;

/// <summary>Who is in the story, and where they are insured.</summary>
internal static class DemoCast
{
    public const string Suzhou = "320500";
    public const string Zhengzhou = "410100";

    /// <summary>Keeps the narrow set of kinships.</summary>
    public const string Wuhan = "420100";

    /// <summary>Nobody has put it live.</summary>
    public const string Hangzhou = "330100";

    /// <summary>Its code as a designated institution.</summary>
    public const string Hospital = "H41010000001";

    public const string Daughter = "suzhou-daughter";
    public const string Father = "zhengzhou-father";

    /// <summary>Has no wallet.</summary>
    public const string Mother = "zhengzhou-mother";

    public const string Brother = "wuhan-brother";
    public const string Grandmother = "hangzhou-grandmother";
}
