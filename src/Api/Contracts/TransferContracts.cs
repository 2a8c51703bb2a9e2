using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Moves money from a person's personal account or wallet into a relative's wallet (钱包转账).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record TransferRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). It names the transfer for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>The giver (psn_no).</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>The recipient (psn_no).</summary>
    [PersonIdText]
    public required string Payee { get; init; }

    /// <summary>The giver's pocket: <c>personal</c> (personal account, only for an insured employee) or <c>wallet</c>.</summary>
    [Words("personal", "wallet")]
    public required string Source { get; init; }

    /// <summary>
    /// The amount in fen: at least 1, at most <c>maxTransferFen</c> of the giver's region. More than that: 422 <c>amount-over-limit</c>.
    /// </summary>
    [FenAmount]
    public required long AmountFen { get; init; }

    /// <summary>What the recipient is to the giver. Both regions must allow it: otherwise 422 <c>kinship-not-allowed</c>.</summary>
    [KinshipWords]
    public required string Kinship { get; init; }
}

/// <summary>Says who accepts, rejects or cancels the transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EndTransferRequest
{
    /// <summary>The payee for accept and reject, the payer for cancel (psn_no). Anybody else: 403 <c>outside-scope</c>.</summary>
    [PersonIdText]
    public required string By { get; init; }
}

/// <summary>A transfer that was made.</summary>
public sealed record TransferCreatedAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// <c>held</c>: the transfer waits for the payee to accept it. <c>settled</c>: the payee's wallet accepts automatically and has the money. The
    /// other values do not occur here.
    /// </summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>How far the money moves: the tier between the payer's and the payee's region.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>When the transfer goes back if nobody accepts it: the first 06:00 in Asia/Shanghai after it was held (RFC 3339).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A transfer as it stands.</summary>
public sealed record TransferAnswer
{
    /// <summary>The id that the caller gave the transfer.</summary>
    public required Guid Id { get; init; }

    /// <summary>The giver (psn_no).</summary>
    [PersonIdText]
    public required string Payer { get; init; }

    /// <summary>The recipient (psn_no).</summary>
    [PersonIdText]
    public required string Payee { get; init; }

    /// <summary>The giver's pocket: <c>personal</c> (personal account) or <c>wallet</c>.</summary>
    [Words("personal", "wallet")]
    public required string Source { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>How far the money moves: the tier between the payer's and the payee's region.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>
    /// <c>held</c>: it waits for the payee. <c>settled</c>: the payee has the money. <c>returned</c>: nobody accepted it in time. <c>rejected</c>:
    /// the payee did not want it. <c>cancelled</c>: the payer took it back. After the last three the payer has the money again.
    /// </summary>
    [Words("held", "settled", "returned", "rejected", "cancelled")]
    public required string Status { get; init; }

    /// <summary>When the money was set aside (RFC 3339).</summary>
    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>When the transfer goes back if nobody accepts it: the first 06:00 in Asia/Shanghai after it was held (RFC 3339).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the transfer ended (RFC 3339). null while it is <c>held</c>.</summary>
    public required DateTimeOffset? EndedAt { get; init; }
}
