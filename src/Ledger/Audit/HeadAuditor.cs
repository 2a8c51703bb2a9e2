namespace Gongji.Ledger.Audit;

/// <summary>
/// Collects the heads of the chains, and looks for heads that were noted earlier (part of invariant 7). It is fed every batch by chain, then sequence. Memory: some 100 bytes
/// for each chain; each start of a process opens one.
/// </summary>
/// <param name="checks">Where violations go.</param>
/// <param name="noted">The heads noted by an earlier audit of the same ledger.</param>
public sealed class HeadAuditor(InvariantChecks checks, LedgerHeads? noted)
{
    private readonly Dictionary<(int Chain, long Sequence), byte[]> _noted = noted?.Chains.ToDictionary(head => (head.Chain, head.Sequence), head => head.Hash) ?? [];
    private readonly List<ChainHead> _heads = [];

    /// <summary>The heads so far.</summary>
    public LedgerHeads Heads => new(_heads);

    /// <summary>Takes the next batch in.</summary>
    public void Add(int chain, long sequence, byte[] hash)
    {
        if (_heads.Count > 0 && _heads[^1].Chain == chain)
        {
            _heads.RemoveAt(_heads.Count - 1);
        }

        _heads.Add(new ChainHead(chain, sequence, hash));
        if (_noted.Remove((chain, sequence), out byte[]? was) && !hash.AsSpan().SequenceEqual(was))
        {
            checks.HashChain.Violate($"chain {chain}, batch {sequence}: its hash was noted as {Hex(was)}, it is {Hex(hash)} now: the chain was made anew.");
        }
    }

    /// <summary>To be called once, after every batch.</summary>
    public void Complete()
    {
        foreach (((int chain, long sequence), byte[] was) in _noted.OrderBy(head => head.Key))
        {
            checks.HashChain.Violate($"chain {chain}, batch {sequence}: it was noted with hash {Hex(was)} and is not there any more.");
        }
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
