namespace Gongji.Grains;

/// <summary>
/// Finds holds without outcome and lets their transfer grains resume them: those due back at 06:00, and those whose coordination was
/// interrupted. One grain, key 0; every silo asks it to sweep, so it lives as long as any silo does.
/// </summary>
[Alias("gongji.hold-sweeper")]
public interface IHoldSweeperGrain : IGrainWithIntegerKey
{
    /// <summary>Sweeps one bounded chunk, going on where the last call ended.</summary>
    /// <returns>Whether the round goes on; false at its end.</returns>
    /// <exception cref="OrleansException">The ledger cannot be read at present.</exception>
    Task<bool> SweepAsync();
}
