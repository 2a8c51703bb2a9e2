using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gongji.Storage;

/// <summary>
/// How far a reader has come: for each chain the last batch that was read whole, and for one further batch how many of its entries. Chains commit side by
/// side, so no single number could say it. As text it is opaque, and valid for ever: nothing of it is kept anywhere else.
/// </summary>
public sealed class LedgerCursor
{
    private const byte Format = 1;
    private const int ChecksumBytes = 4;

    private LedgerCursor(ImmutableSortedDictionary<int, long> whole, int partChain, int partEntries) =>
        (Whole, PartChain, PartEntries) = (whole, partChain, partEntries);

    /// <summary>Before the ledger's first entry.</summary>
    public static LedgerCursor Start { get; } = new(ImmutableSortedDictionary<int, long>.Empty, 0, 0);

    /// <summary>By chain, the sequence of the last batch read whole; a chain that is not there was not begun.</summary>
    public ImmutableSortedDictionary<int, long> Whole { get; }

    /// <summary>The chain whose next batch was begun; 0 for none.</summary>
    public int PartChain { get; }

    /// <summary>How many entries of that batch were read.</summary>
    public int PartEntries { get; }

    /// <summary>After everything that was there at a moment.</summary>
    public static LedgerCursor At(ImmutableSortedDictionary<int, long> heads) => new(heads, 0, 0);

    /// <summary>After a batch of a chain, and all before it.</summary>
    public LedgerCursor After(int chain, long sequence) => new(Whole.SetItem(chain, sequence), 0, 0);

    /// <summary>Inside the batch that follows a sequence of a chain.</summary>
    public LedgerCursor Within(int chain, long after, int entries) => new(after == 0 ? Whole : Whole.SetItem(chain, after), chain, entries);

    /// <summary>Whether the cursor can belong to a ledger with these heads: it is past the head of no chain.</summary>
    public bool IsOf(ImmutableSortedDictionary<int, long> heads) =>
        Whole.All(read => read.Value <= heads.GetValueOrDefault(read.Key))
        && (PartChain == 0 || Whole.GetValueOrDefault(PartChain) < heads.GetValueOrDefault(PartChain));

    /// <inheritdoc/>
    public override string ToString()
    {
        List<byte> bytes = [Format];
        Write(bytes, Whole.Count);
        int before = 0;
        foreach ((int chain, long sequence) in Whole)
        {
            Write(bytes, chain - before);
            Write(bytes, sequence);
            before = chain;
        }

        Write(bytes, PartChain);
        Write(bytes, PartEntries);
        bytes.AddRange(Checksum([.. bytes]));
        return Base64Url.EncodeToString([.. bytes]);
    }

    /// <summary>Reads exactly what <see cref="ToString"/> wrote; refuses anything else, however similar.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LedgerCursor? cursor)
    {
        cursor = null;
        byte[] bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        if (bytes.Length <= ChecksumBytes + 1 || bytes[0] != Format)
        {
            return false;
        }

        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (!bytes.AsSpan(content.Length).SequenceEqual(Checksum(content)))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = content[1..];
        if (!TryRead(ref rest, out long count) || count > rest.Length)
        {
            return false;
        }

        ImmutableSortedDictionary<int, long>.Builder whole = ImmutableSortedDictionary.CreateBuilder<int, long>();
        long chain = 0;
        for (long i = 0; i < count; i++)
        {
            if (!TryRead(ref rest, out long step) || !TryRead(ref rest, out long sequence) || step < 1 || (chain += step) > int.MaxValue
                || sequence is < 1 or > uint.MaxValue)
            {
                return false;
            }

            whole.Add((int)chain, sequence);
        }

        if (!TryRead(ref rest, out long partChain) || !TryRead(ref rest, out long partEntries) || !rest.IsEmpty
            || partChain > int.MaxValue || partEntries > int.MaxValue || partChain == 0 != (partEntries == 0))
        {
            return false;
        }

        cursor = new LedgerCursor(whole.ToImmutable(), (int)partChain, (int)partEntries);
        return cursor.ToString() == text;
    }

    /// <summary>Detects a cursor that was cut or mistyped. It does not protect against forgery.</summary>
    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, ChecksumBytes);

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private static void Write(List<byte> bytes, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7F) | 0x80));
        }

        bytes.Add((byte)value);
    }

    /// <summary>Up to 35 bits: more than a chain, a sequence or a count has.</summary>
    private static bool TryRead(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (int i = 0; i < 5 && i < bytes.Length; i++)
        {
            value |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
