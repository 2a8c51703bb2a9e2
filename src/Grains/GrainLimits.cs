namespace Gongji.Grains;

/// <summary>Every fixed bound of the grains, in one place.</summary>
public static class GrainLimits
{
    /// <summary>How often a command is decided anew after another writer was first, before the ledger is called unavailable.</summary>
    public const int Attempts = 8;

    /// <summary>Entries since the last snapshot for which a deactivating account writes one.</summary>
    public const int EntriesForLastSnapshot = 32;

    /// <summary>Entries read at once when an account has no readable snapshot.</summary>
    public const int EntriesPerRead = 1_000;

    /// <summary>
    /// Holds that one call of the sweeper looks at, and resumes at the same time: two entries each, in one commit, which daytime traffic waits for too. More are faster, and hold
    /// that up longer (docs/performance.md).
    /// </summary>
    public const int HoldsPerSweep = 600;

    /// <summary>Open holds that one call of the sweeper looks through for an answer that was not followed.</summary>
    public const int HoldsScannedPerSweep = 5_000;

    /// <summary>
    /// Debits like the one that asks that a slice of a region's headroom should cover: as many as a batch can have, so that a busy pair of regions waits for
    /// a lease no more often than for a commit; mostly it does not, since more is leased when half is left. When headroom is short, slices shrink.
    /// </summary>
    public const int DebitsPerSlice = 4_096;

    /// <summary>How long a slice of a region's headroom cannot be given to another silo. Renewed at half of it while it is used.</summary>
    public static readonly TimeSpan EscrowLease = TimeSpan.FromSeconds(10);

    /// <summary>Age from which a hold that should have been settled by itself is taken for interrupted.</summary>
    public static readonly TimeSpan InterruptedAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Nonces that one shard of a gateway's key remembers at once, some 10 MB: with signatures good for a minute, 16 shards take 20,000 calls a second
    /// of one key.
    /// </summary>
    public const int NoncesPerShard = 131_072;

    /// <summary>How long after its signature has expired a nonce is kept: longer than clocks of silos may differ.</summary>
    public static readonly TimeSpan NonceKeptAfterExpiry = TimeSpan.FromMinutes(1);
}
