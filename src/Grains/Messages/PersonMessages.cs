using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Makes a person known, changes how they are insured, or moves them.</summary>
/// <param name="Region">Where they are insured from now on.</param>
/// <param name="Insurance">The kind of insurance.</param>
/// <param name="Status">Whether the insurance is in force.</param>
/// <param name="FromRegion">Where the caller believes they are insured now; refused when they are insured in a third region. Null: wherever they are.</param>
[GenerateSerializer, Immutable, Alias("gongji.register-person")]
public sealed record RegisterPerson(
    [property: Id(0)] string Region, [property: Id(1)] Insurance Insurance, [property: Id(2)] InsuranceStatus Status, [property: Id(3)] string? FromRegion = null);

/// <summary>Opens a wallet or changes its terms.</summary>
[GenerateSerializer, Immutable, Alias("gongji.open-wallet")]
public sealed record OpenWallet(
    [property: Id(0)] string UsePlace, [property: Id(1)] bool AutoAccept, [property: Id(2)] string? OpenedBy);

/// <summary>A monthly credit to a personal account, or the correction of one; the amount in fen.</summary>
/// <param name="Id">Chosen by the caller.</param>
/// <param name="AmountFen">For a correction, the difference, positive or negative.</param>
/// <param name="Period">The month.</param>
/// <param name="Corrects">For a correction, the credit that it corrects.</param>
[GenerateSerializer, Immutable, Alias("gongji.credit-person")]
public sealed record CreditPerson(
    [property: Id(0)] Guid Id, [property: Id(1)] long AmountFen, [property: Id(2)] string Period, [property: Id(3)] Guid? Corrects = null);

/// <summary>A credit that is on the account; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.credit-view")]
public sealed record CreditView(
    [property: Id(0)] Guid Id, [property: Id(1)] string Person, [property: Id(2)] long AmountFen, [property: Id(3)] string Period, [property: Id(4)] DateTimeOffset At);

/// <summary>A person as the ledger durably has them; balances in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.person-view")]
public sealed record PersonView
{
    [Id(0)]
    public required string Person { get; init; }

    [Id(1)]
    public required string Region { get; init; }

    [Id(2)]
    public required Insurance Insurance { get; init; }

    [Id(3)]
    public required InsuranceStatus Status { get; init; }

    [Id(4)]
    public required bool WalletOpen { get; init; }

    /// <summary>The wallet's place of use; null while it is not open.</summary>
    [Id(5)]
    public string? UsePlace { get; init; }

    [Id(6)]
    public required bool AutoAccept { get; init; }

    [Id(7)]
    public required long PersonalFen { get; init; }

    [Id(8)]
    public required long WalletFen { get; init; }

    [Id(9)]
    public required long HeldFen { get; init; }

    [Id(10)]
    public required long QuotaFen { get; init; }

    [Id(11)]
    public required int TransfersToday { get; init; }

    [Id(12)]
    public required long Version { get; init; }

    /// <summary>The move or end of insurance that ended relations, while not everybody concerned has been told of it; null for none.</summary>
    [Id(13)]
    public Guid? LeavingIn { get; init; }
}

/// <summary>A person as a recipient.</summary>
[GenerateSerializer, Immutable, Alias("gongji.standing")]
public sealed record StandingView(
    [property: Id(0)] string Region, [property: Id(1)] bool Insured, [property: Id(2)] bool WalletOpen, [property: Id(3)] bool AutoAccept);
