using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Asks for a transfer; see <see cref="TransferOrder"/>. The amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.create-transfer")]
public sealed record CreateTransfer(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Payer,
    [property: Id(2)] string Payee,
    [property: Id(3)] TransferSource Source,
    [property: Id(4)] long AmountFen,
    [property: Id(5)] Kinship Kinship)
{
    internal TransferOrder ToOrder() => new(Id, Payer, Payee, Source, AmountFen, Kinship);
}

/// <summary>Accepts, rejects or cancels a waiting transfer.</summary>
[GenerateSerializer, Immutable, Alias("gongji.end-transfer")]
public sealed record EndTransfer([property: Id(0)] Guid Id, [property: Id(1)] string By, [property: Id(2)] TransferAction Action);

/// <summary>What a person may do with a waiting transfer.</summary>
[GenerateSerializer, Alias("gongji.transfer-action")]
public enum TransferAction
{
    /// <summary>By the payee.</summary>
    Accept,

    /// <summary>By the payee.</summary>
    Reject,

    /// <summary>By the payer.</summary>
    Cancel,
}

/// <summary>A transfer as the ledger durably has it; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.transfer-view")]
public sealed record TransferView
{
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required string Payer { get; init; }

    [Id(2)]
    public required string Payee { get; init; }

    [Id(3)]
    public required TransferSource Source { get; init; }

    [Id(4)]
    public required long AmountFen { get; init; }

    [Id(5)]
    public required Tier Tier { get; init; }

    [Id(6)]
    public required TransferStatus Status { get; init; }

    [Id(7)]
    public required DateTimeOffset HeldAt { get; init; }

    [Id(8)]
    public required DateTimeOffset ExpiresAt { get; init; }

    [Id(9)]
    public DateTimeOffset? EndedAt { get; init; }

    internal static TransferView Of(TransferState state) => new()
    {
        Id = state.Id,
        Payer = state.Payer,
        Payee = state.Terms.Payee,
        Source = state.Source,
        AmountFen = state.AmountFen,
        Tier = state.Tier,
        Status = state.Status,
        HeldAt = state.HeldAt,
        ExpiresAt = state.Terms.ExpiresAt,
        EndedAt = state.EndedAt,
    };
}
