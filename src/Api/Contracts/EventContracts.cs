using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>The data of an event: one entry of one person's account.</summary>
public sealed record EventAnswer
{
    /// <summary>The person whose account changed (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>The region where the person was insured at that time (six-digit code). null if the ledger does not record it.</summary>
    [RegionCodeText]
    public required string? Region { get; init; }

    /// <summary>The number of the entry in its account: 1, 2, 3 and so on, without gaps. The events of a person come in this order.</summary>
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
