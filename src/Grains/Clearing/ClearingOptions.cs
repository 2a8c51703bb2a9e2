using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>How the clearing is set up. Days that are closed keep the basis that they were closed with.</summary>
/// <param name="Basis">How regions settle days that are closed from now on.</param>
public sealed record ClearingOptions(ClearingBasis Basis = ClearingBasis.Gross)
{
    /// <summary>Deadlines and prepayments.</summary>
    public ClearingProcedure Procedure { get; init; } = new();
}
