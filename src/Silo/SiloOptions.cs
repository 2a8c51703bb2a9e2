using System.Net;
using Gongji.Ledger;

namespace Gongji.Silo;

/// <summary>How a silo is set up.</summary>
public sealed record SiloOptions
{
    /// <summary>The PostgreSQL that holds the ledger; null for the embedded store in <see cref="DataDirectory"/>.</summary>
    public string? PostgresConnectionString { get; init; }

    /// <summary>Where other silos on the same PostgreSQL reach this one. Without PostgreSQL, or on LocalRuntime, there are none.</summary>
    public SiloEndpoint Endpoint { get; init; } = new(IPAddress.Loopback);

    /// <summary>The directory of the embedded store.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>How regions settle the days that are closed from now on.</summary>
    public ClearingBasis ClearingBasis { get; init; } = ClearingBasis.Gross;

    /// <summary>When each business day is closed automatically; null: only when somebody asks for it.</summary>
    public ClearingCutOff? ClearingCutOff { get; init; }

    /// <summary>Deadlines of the clearing, and how prepayments are proposed.</summary>
    public ClearingProcedure ClearingProcedure { get; init; } = new();

    /// <summary>Development: the moment at which the ledger's clock starts; null for the machine's time.</summary>
    public DateTimeOffset? ClockStart { get; init; }

    /// <summary>Development: puts the demo's regions live, with closed hours off.</summary>
    public bool DemoRegions { get; init; }
}
