using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>One change of one account, as it happened.</summary>
public sealed record EventAnswer
{
    /// <summary>Whose account it is (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>Where the person was insured then; null where the ledger does not say.</summary>
    [RegionCodeText]
    public required string? Region { get; init; }

    /// <summary>Gapless per person, from 1; events of a person come in this order.</summary>
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
