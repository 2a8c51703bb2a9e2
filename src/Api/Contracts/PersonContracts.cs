using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Registers a person, changes their insurance, or moves them to another region.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PersonRequest
{
    /// <summary>
    /// The region where the person is insured (six-digit code). If it is not the person's present region, the person moves there: the balances go
    /// along, and all relations end. 409 <c>wrong-state</c>: a transfer or payment of the person is still held.
    /// </summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary><c>employee</c> (职工) or <c>resident</c> (居民).</summary>
    [Words("employee", "resident")]
    public required string Insurance { get; init; }

    /// <summary><c>active</c>: the insurance is in force. <c>stopped</c>: it is not, and all relations of the person end.</summary>
    [Words("active", "stopped")]
    public required string Status { get; init; }

    /// <summary>
    /// The region where the caller believes the person is insured now (six-digit code). If the person is insured in a third region, nothing changes:
    /// 409 <c>already-insured-elsewhere</c>. The same code as <c>region</c> means: only a person who is insured here already, or nowhere (new, or
    /// <c>stopped</c>). 404 <c>no-such-person</c>: it is another code than <c>region</c>, and the person is not registered. If absent, the person is
    /// taken over from any region.
    /// </summary>
    [RegionCodeText]
    public string? FromRegion { get; init; }
}

/// <summary>Opens the wallet (医保钱包), or changes the terms of an open one. 422 <c>not-insured</c>: the person's insurance is stopped.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WalletRequest
{
    /// <summary>The place of use (使用地): a region (six-digit code).</summary>
    [RegionCodeText]
    public required string UsePlace { get; init; }

    /// <summary>
    /// <c>true</c>: transfers to this wallet settle at once. <c>false</c> (default): each waits until the person accepts it. If absent, it is set to
    /// <c>false</c> for an open wallet too.
    /// </summary>
    public bool? AutoAccept { get; init; }

    /// <summary>
    /// Only if a relative opens the wallet for the person (代开通): that relative (psn_no), who must be another person and registered. It does not
    /// change a wallet that is open already.
    /// </summary>
    [PersonIdText]
    public string? OpenedBy { get; init; }
}

/// <summary>An insured person.</summary>
public sealed record PersonAnswer
{
    /// <summary>The person's identifier (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>The region where the person is insured (six-digit code).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary><c>employee</c> (职工) or <c>resident</c> (居民).</summary>
    [Words("employee", "resident")]
    public required string Insurance { get; init; }

    /// <summary><c>active</c>: the insurance is in force. <c>stopped</c>: it is not.</summary>
    [Words("active", "stopped")]
    public required string Status { get; init; }

    /// <summary>The person's wallet (医保钱包).</summary>
    public required WalletAnswer Wallet { get; init; }

    /// <summary>The balance of each pocket, in fen.</summary>
    public required AmountsAnswer Balances { get; init; }

    /// <summary>
    /// How many transfers the person has made on this business day (Asia/Shanghai), including those that were returned, rejected or cancelled.
    /// </summary>
    public required int TransfersToday { get; init; }

    /// <summary>The <c>version</c> of the last entry of the person's account.</summary>
    public required long Version { get; init; }
}

/// <summary>A person's wallet (医保钱包).</summary>
public sealed record WalletAnswer
{
    /// <summary>Whether the wallet is open.</summary>
    public required bool Open { get; init; }

    /// <summary>The place of use (使用地): a region (six-digit code). null if the wallet is not open.</summary>
    [RegionCodeText]
    public required string? UsePlace { get; init; }

    /// <summary>
    /// <c>true</c>: transfers to this wallet settle at once. <c>false</c>: each waits until the person accepts it. Always <c>false</c> if the wallet
    /// is not open.
    /// </summary>
    public required bool AutoAccept { get; init; }
}

/// <summary>One figure for each pocket of an account, in fen: its balance, or a change of it, which can be negative.</summary>
public sealed record AmountsAnswer
{
    /// <summary>The personal account (个人账户) without what is held or earmarked, in fen.</summary>
    public required long PersonalFen { get; init; }

    /// <summary>The wallet (医保钱包) without what is held, in fen.</summary>
    public required long WalletFen { get; init; }

    /// <summary>Money set aside for transfers and payments that are not finished, in fen.</summary>
    public required long HeldFen { get; init; }

    /// <summary>Money earmarked for relatives (共济额度) and not used yet, in fen.</summary>
    public required long QuotaFen { get; init; }
}

/// <summary>A page of the entries of an account.</summary>
public sealed record EntriesAnswer
{
    /// <summary>The entries, in the order of <c>version</c>.</summary>
    public required IReadOnlyList<EntryAnswer> Entries { get; init; }

    /// <summary>The value of <c>after</c> for the next page. null on the last page.</summary>
    public required long? Next { get; init; }
}

/// <summary>One entry: one change of one account.</summary>
public sealed record EntryAnswer
{
    /// <summary>The number of the entry in its account: 1, 2, 3 and so on, without gaps.</summary>
    public required long Version { get; init; }

    /// <summary>The operation that the entry belongs to: the id from the command, or an id that the ledger made (a version 8 UUID).</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// Only for entries of a payment or contribution: the id of that payment or contribution. It can differ from <c>id</c>: when an attempt at a
    /// payment fails, the next attempt is an operation with an id of its own. Absent for all other entries, also for those of refunds.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Payment { get; init; }

    /// <summary>What the entry did, such as <c>credit</c>, <c>hold</c>, <c>receive</c> or <c>paid</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The change of each pocket, in fen. Negative: money left the pocket.</summary>
    public required AmountsAnswer Amounts { get; init; }

    /// <summary>The balance of each pocket after this entry, in fen.</summary>
    public required AmountsAnswer Balances { get; init; }

    /// <summary>When the entry was decided (RFC 3339).</summary>
    public required DateTimeOffset At { get; init; }
}
