namespace Gongji.Simulation.Oracle;

/// <summary>An account after one of its entries, as the model folds it.</summary>
internal sealed record ModelVersion
{
    /// <summary>Before the first entry.</summary>
    public static ModelVersion None { get; } = new();

    /// <summary>The commit that made it durable, counted over the whole run.</summary>
    public long Sequence { get; init; }

    public int Version { get; init; }

    public int Region { get; init; }

    public bool IsEmployee { get; init; }

    public bool IsActive { get; init; }

    public bool HasWallet { get; init; }

    public bool AutoAccepts { get; init; }

    public int UsePlace { get; init; }

    public string? OpenedBy { get; init; }

    public long PersonalFen { get; init; }

    public long WalletFen { get; init; }

    public long HeldFen { get; init; }

    public long QuotaFen { get; init; }

    public int OpenHolds { get; init; }

    /// <summary>Relations and contributions.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.None;

    public long LastAtMs { get; init; }

    /// <summary>The day that <see cref="TransfersThatDay"/> counts.</summary>
    public int TransferDay { get; init; }

    public int TransfersThatDay { get; init; }

    public bool IsRegistered => Version > 0;

    public long TotalFen => PersonalFen + WalletFen + HeldFen + QuotaFen;

    public int TransfersOn(int day) => day == TransferDay ? TransfersThatDay : 0;
}
