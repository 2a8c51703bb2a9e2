using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Moves money from a personal account or wallet into a relative's wallet (钱包转账).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record TransferRequest
{
    /// <summary>Chosen by the caller; names the transfer for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>The giver.</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>The recipient.</summary>
    [PersonIdText]
    public required string Payee { get; init; }

    /// <summary>The giver's pocket.</summary>
    [Words("personal", "wallet")]
    public required string Source { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>What the recipient is to the giver.</summary>
    [KinshipWords]
    public required string Kinship { get; init; }
}

/// <summary>Who accepts, rejects or cancels.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EndTransferRequest
{
    /// <summary>The payee for accept and reject, the payer for cancel.</summary>
    [PersonIdText]
    public required string By { get; init; }
}

/// <summary>A transfer that was made.</summary>
public sealed record TransferCreatedAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>held until it is accepted; settled at once when the payee's wallet accepts automatically.</summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>How far the money moves.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>When it goes back if nobody accepts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A transfer as the ledger has it.</summary>
public sealed record TransferAnswer
{
    /// <summary>As the caller chose it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The giver.</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>The recipient.</summary>
    [PersonIdText]
    public required string Payee { get; init; }

    /// <summary>The giver's pocket.</summary>
    [Words("personal", "wallet")]
    public required string Source { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>How far the money moves.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>Where it stands.</summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>When the money was set aside.</summary>
    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>When it goes back if nobody accepts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ended; null while it is held.</summary>
    public required DateTimeOffset? EndedAt { get; init; }
}
