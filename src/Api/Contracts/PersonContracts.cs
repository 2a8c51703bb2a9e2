using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Makes a person known, changes how they are insured, or moves them to another region.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PersonRequest
{
    /// <summary>Where the person is insured; another region than before moves them.</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>employee (职工) or resident (居民).</summary>
    [Words("employee", "resident")]
    public required string Insurance { get; init; }

    /// <summary>Whether the insurance is in force.</summary>
    [Words("active", "stopped")]
    public required string Status { get; init; }

    /// <summary>
    /// Where the caller believes the person is insured now. When they are insured in a third region, nothing is changed, and the answer is
    /// already-insured-elsewhere. The region itself says: only if they are insured nowhere yet, or here. Left out: from wherever they are.
    /// </summary>
    [RegionCodeText]
    public string? FromRegion { get; init; }
}

/// <summary>Opens the wallet, or changes its terms.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WalletRequest
{
    /// <summary>使用地: the region where the wallet is used.</summary>
    [RegionCodeText]
    public required string UsePlace { get; init; }

    /// <summary>Transfers arrive without being accepted one by one; false by default.</summary>
    public bool? AutoAccept { get; init; }

    /// <summary>代开通: the relative who opens it for the person: somebody else, who is known.</summary>
    [PersonIdText]
    public string? OpenedBy { get; init; }
}

/// <summary>An insured person.</summary>
public sealed record PersonAnswer
{
    /// <summary>The person's identifier (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>Where the person is insured.</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>employee (职工) or resident (居民).</summary>
    [Words("employee", "resident")]
    public required string Insurance { get; init; }

    /// <summary>Whether the insurance is in force.</summary>
    [Words("active", "stopped")]
    public required string Status { get; init; }

    /// <summary>The person's wallet (医保钱包).</summary>
    public required WalletAnswer Wallet { get; init; }

    /// <summary>The money in each pocket.</summary>
    public required AmountsAnswer Balances { get; init; }

    /// <summary>Transfers held today, whatever became of them.</summary>
    public required int TransfersToday { get; init; }

    /// <summary>The version of the account's last entry.</summary>
    public required long Version { get; init; }
}

/// <summary>A person's wallet (医保钱包).</summary>
public sealed record WalletAnswer
{
    /// <summary>Whether it is open.</summary>
    public required bool Open { get; init; }

    /// <summary>使用地: where it is used; null while it is not open.</summary>
    [RegionCodeText]
    public required string? UsePlace { get; init; }

    /// <summary>Transfers arrive without being accepted one by one.</summary>
    public required bool AutoAccept { get; init; }
}

/// <summary>One figure per pocket, in fen.</summary>
public sealed record AmountsAnswer
{
    /// <summary>The personal account (个人账户), in fen.</summary>
    public required long PersonalFen { get; init; }

    /// <summary>The wallet (医保钱包), in fen.</summary>
    public required long WalletFen { get; init; }

    /// <summary>Set aside for transfers that wait, in fen.</summary>
    public required long HeldFen { get; init; }

    /// <summary>Earmarked for relatives (共济额度), in fen.</summary>
    public required long QuotaFen { get; init; }
}

/// <summary>A page of an account's entries.</summary>
public sealed record EntriesAnswer
{
    /// <summary>In order of version.</summary>
    public required IReadOnlyList<EntryAnswer> Entries { get; init; }

    /// <summary>What to give as <c>after</c> for the next page; null when this is the last.</summary>
    public required long? Next { get; init; }
}

/// <summary>One change of one account.</summary>
public sealed record EntryAnswer
{
    /// <summary>Gapless per account, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The operation that the entry belongs to.</summary>
    public required Guid Id { get; init; }

    /// <summary>Of a payment's or contribution's entry: the payment, as its caller named it, which the operation need not be. Left out for all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Payment { get; init; }

    /// <summary>What the entry did.</summary>
    public required string Kind { get; init; }

    /// <summary>The change of each pocket.</summary>
    public required AmountsAnswer Amounts { get; init; }

    /// <summary>The balances after it.</summary>
    public required AmountsAnswer Balances { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
