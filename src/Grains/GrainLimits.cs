namespace Gongji.Grains;

/// <summary>Every fixed bound of the grains, in one place.</summary>
public static class GrainLimits
{
    /// <summary>How often a command is decided again because another writer was first, before the ledger is reported as unavailable.</summary>
    public const int Attempts = 8;

    /// <summary>The number of entries since the last snapshot from which a deactivating account writes a new one.</summary>
    public const int EntriesForLastSnapshot = 32;

    /// <summary>Entries read at once when an account has no readable snapshot.</summary>
    public const int EntriesPerRead = 1_000;

    /// <summary>
    /// Holds that one call of the sweeper takes and resumes at the same time. Each needs two entries, all in one commit, which daytime traffic waits for too. A higher number
    /// finishes sooner but holds up that traffic longer (docs/performance.md).
    /// </summary>
    public const int HoldsPerSweep = 600;

    /// <summary>Open holds that one call of the sweeper searches for an answer that was not followed.</summary>
    public const int HoldsScannedPerSweep = 5_000;

    /// <summary>
    /// How many debits of the requested size a slice of a region's headroom should cover: as many as a batch can have, so that a busy pair of regions waits for
    /// a lease no more often than for a commit. Mostly it does not wait at all, since more is leased when half is left. When headroom is short, slices shrink.
    /// </summary>
    public const int DebitsPerSlice = 4_096;

    /// <summary>How long a slice of a region's headroom cannot be given to another silo. Renewed at half that time while it is used.</summary>
    public static readonly TimeSpan EscrowLease = TimeSpan.FromSeconds(10);

    /// <summary>The age from which a hold that should have settled by itself is taken for interrupted.</summary>
    public static readonly TimeSpan InterruptedAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Nonces that one shard of a gateway's key can remember at once, some 10 MB. With signatures good for a minute, 16 shards allow 20,000 calls a second
    /// with one key.
    /// </summary>
    public const int NoncesPerShard = 131_072;

    /// <summary>How long a nonce is kept after its signature has expired: longer than the clocks of silos may differ.</summary>
    public static readonly TimeSpan NonceKeptAfterExpiry = TimeSpan.FromMinutes(1);
}
