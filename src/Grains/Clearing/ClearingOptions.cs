using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>How the clearing is set up. What was closed keeps the basis that it was closed with.</summary>
/// <param name="Basis">How regions settle days that are closed from now on.</param>
public sealed record ClearingOptions(ClearingBasis Basis = ClearingBasis.Gross)
{
    /// <summary>Deadlines and prepayments.</summary>
    public ClearingProcedure Procedure { get; init; } = new();
}
