namespace Gongji.Grains;

/// <summary>
/// Finds holds without an outcome and has their transfer grains resume them: those due back at 06:00, and those whose coordination was
/// interrupted. One grain, key 0. Every silo asks it to sweep, so it exists as long as any silo does.
/// </summary>
[Alias("gongji.hold-sweeper")]
public interface IHoldSweeperGrain : IGrainWithIntegerKey
{
    /// <summary>Sweeps one bounded chunk, continuing where the last call ended.</summary>
    /// <returns>Whether the round continues; false at its end.</returns>
    /// <exception cref="OrleansException">The ledger cannot be read at present.</exception>
    Task<bool> SweepAsync();
}
