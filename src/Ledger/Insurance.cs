namespace Gongji.Ledger;

/// <summary>How a person is insured.</summary>
public enum Insurance : short
{
    /// <summary>职工: has a personal account, credited monthly.</summary>
    Employee = 1,

    /// <summary>居民: has no personal account; may receive, and give from the wallet.</summary>
    Resident = 2,
}

/// <summary>Whether the insurance relation is in force.</summary>
public enum InsuranceStatus : short
{
    Active = 1,
    Stopped = 2,
}
