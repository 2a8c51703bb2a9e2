namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks that nothing written has been changed since (invariant 7): each batch follows the one before and hashes to what it says. It is
/// fed every batch by chain, then sequence. Memory: one batch.
/// </summary>
public sealed class ChainAuditor(InvariantChecks checks)
{
    private EntryTally _entries;
    private int _chain;
    private long _sequence;
    private byte[]? _hash;
    private DateOnly _openDay;

    public EntryTally Entries => _entries;

    /// <summary>Where the audit is, for the message about a batch that cannot be read.</summary>
    public string Position => _hash is null ? "at the first batch" : $"after chain {_chain}, batch {_sequence}";

    /// <summary>Checks the next batch.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="sequence">The place in the chain: from 1, without gaps.</param>
    /// <param name="previousHash">The previous batch's hash, as this batch states it.</param>
    /// <param name="hash">The hash that this batch states.</param>
    /// <param name="entryCount">The number of entries that the batch states.</param>
    /// <param name="entries">The entries that are there, with their details as stored, in batch order. Enumerated up to three times.</param>
    /// <param name="openDay">The earliest day that its entries count on.</param>
    /// <param name="openBefore">The latest open day of any chain's batches that are known to have been written before.</param>
    public void Add(
        int chain, long sequence, byte[] previousHash, byte[] hash, int entryCount, IEnumerable<(Entry Entry, byte[]? Detail)> entries, DateOnly openDay = default, DateOnly openBefore = default)
    {
        checks.HashChain.Count();
        Enter(chain, sequence, previousHash);
        int count = 0;
        foreach ((Entry entry, _) in entries)
        {
            _entries.Add(entry);
            count++;
            if (ClearingDays.ClosedBy(entry) >= openDay)
            {
                checks.Clearing.Violate($"{Name}: it closes {ClearingDays.ClosedBy(entry):yyyy-MM-dd}, but counts on days from {openDay:yyyy-MM-dd} on.");
            }
        }

        CheckOpenDay(openDay, count);
        if (openDay < openBefore && entries.Any(each => OpenDayAuditor.CountsOnDay(each.Entry)))
        {
            checks.Clearing.Violate($"{Name}: its open day is {openDay:yyyy-MM-dd}, when it was written that was {openBefore:yyyy-MM-dd} already.");
        }

        // An empty batch is allowed: a journal that does not know whether a batch was written takes its place with an empty one.
        if (count != entryCount)
        {
            checks.HashChain.Violate($"{Name}: {entryCount} entries were written, {count} are there.");
        }

        byte[] expected = HashChain.Next(previousHash, entries, openDay);
        if (!hash.AsSpan().SequenceEqual(expected))
        {
            checks.HashChain.Violate($"{Name}: its entries hash to {Hex(expected)}, it says {Hex(hash)}.");
        }

        // From here on the record is believed, so that one changed batch is one violation and not one for each batch after it.
        _hash = hash;
    }

    /// <summary>Checks an entry whose batch is missing: no hash covers it.</summary>
    public void AddOrphan(Entry entry)
    {
        _entries.Add(entry);
        checks.HashChain.Violate($"account {entry.Account}/{entry.Version} is in no batch.");
    }

    private string Name => $"chain {_chain}, batch {_sequence}";

    /// <summary>A closed day stays closed. A batch without entries counts on no day.</summary>
    private void CheckOpenDay(DateOnly openDay, int count)
    {
        checks.Clearing.Count();
        if (count > 0 && openDay < _openDay)
        {
            checks.Clearing.Violate($"{Name}: its open day is {openDay:yyyy-MM-dd}, that of a batch before was {_openDay:yyyy-MM-dd}.");
        }

        _openDay = openDay > _openDay ? openDay : _openDay;
    }

    private void Enter(int chain, long sequence, byte[] previousHash)
    {
        bool isNew = _hash is null || chain != _chain;
        _openDay = isNew ? ClearingDays.First : _openDay;
        if (isNew && _hash is not null && chain < _chain)
        {
            checks.HashChain.Violate($"chain {chain}: read after chain {_chain}; the order by chain is broken.");
        }

        long expectedSequence = isNew ? 1 : unchecked(_sequence + 1);
        byte[] expectedHash = isNew ? HashChain.Genesis(chain) : _hash!;
        (_chain, _sequence) = (chain, sequence);
        if (sequence != expectedSequence)
        {
            checks.HashChain.Violate($"{Name}: batch {expectedSequence} was expected here.");
        }
        else if (!previousHash.AsSpan().SequenceEqual(expectedHash))
        {
            checks.HashChain.Violate($"{Name}: the batch before hashes to {Hex(expectedHash)}, this one says {Hex(previousHash)}.");
        }
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
