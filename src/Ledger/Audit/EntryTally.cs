namespace Gongji.Ledger.Audit;

/// <summary>
/// A count and a sum over entries that do not depend on their order: two readings of one ledger in different orders must agree in
/// both. This finds an entry that one order leaves out (in no batch, or in no index). It proves nothing against an adversary; the hashes do.
/// </summary>
public record struct EntryTally
{
    public long Count { get; private set; }

    public ulong Sum { get; private set; }

    /// <summary>Adds one entry.</summary>
    public void Add(Entry entry)
    {
        unchecked
        {
            ulong place = ((ulong)entry.Operation.GetHashCode() << 32) ^ ((ulong)(ushort)entry.Leg << 16) ^ (ulong)entry.Kind;
            ulong money = (ulong)entry.Amounts.PersonalFen + 3 * (ulong)entry.Amounts.WalletFen + 5 * (ulong)entry.Amounts.HeldFen + 7 * (ulong)entry.Amounts.QuotaFen;
            Count++;
            Sum += Mix(place ^ Mix((ulong)entry.Version ^ Mix(money)));
        }
    }

    /// <summary>The finalizer of SplitMix64: every input bit moves every output bit.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
