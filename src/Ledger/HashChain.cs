using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gongji.Ledger;

/// <summary>
/// The proof that nothing written has been changed since (invariant 7). Each journal partition writes one chain of batches. A batch's hash is
/// SHA-256 over the previous hash, the canonical bytes of its entries in their order, and its open day.
/// </summary>
public static class HashChain
{
    /// <summary>A batch's place in the whole ledger: 32 bits of chain, 32 bits of sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chain has no such place: the id would belong to another chain.</exception>
    public static long BatchId(int chain, long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, uint.MaxValue);
        return ((long)chain << 32) + sequence;
    }

    /// <summary>The hash before a chain's first batch.</summary>
    public static byte[] Genesis(int chain)
    {
        Span<byte> text = stackalloc byte[32];
        int length = Encoding.ASCII.GetBytes($"gongji chain {chain}", text);
        return SHA256.HashData(text[..length]);
    }

    /// <summary>The hash of a batch.</summary>
    /// <param name="previous">The hash of the chain's previous batch, or <see cref="Genesis"/>.</param>
    /// <param name="entries">The entries with their encoded details, in batch order.</param>
    /// <param name="openDay">The open day of the batch; batches from before the first closing have none.</param>
    public static byte[] Next(ReadOnlySpan<byte> previous, IEnumerable<(Entry Entry, byte[]? Detail)> entries, DateOnly openDay = default)
    {
        // Most batches fit the buffer and are hashed in one call; only a large one needs an incremental hash.
        IncrementalHash? hash = null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(8_192);
        try
        {
            previous.CopyTo(buffer);
            int used = previous.Length;
            foreach ((Entry entry, byte[]? detail) in entries)
            {
                int need = FixedLength + sizeof(int) + entry.Account.Length * 3 + (detail?.Length ?? 0);
                if (used + need > buffer.Length)
                {
                    hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    hash.AppendData(buffer.AsSpan(0, used));
                    used = 0;
                    if (need > buffer.Length)
                    {
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = ArrayPool<byte>.Shared.Rent(need);
                    }
                }

                used += Write(buffer.AsSpan(used), entry, detail);
            }

            if (openDay != ClearingDays.First)
            {
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(used), openDay.DayNumber);
                used += sizeof(int);
            }

            if (hash is null)
            {
                return SHA256.HashData(buffer.AsSpan(0, used));
            }

            hash.AppendData(buffer.AsSpan(0, used));
            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            hash?.Dispose();
        }
    }

    private const int FixedLength = sizeof(int) * 2 + sizeof(long) * 10 + sizeof(short) * 2 + 16;

    private static int Write(Span<byte> target, Entry entry, byte[]? detail)
    {
        int at = sizeof(int);
        int accountLength = Encoding.UTF8.GetBytes(entry.Account, target[at..]);
        BinaryPrimitives.WriteInt32LittleEndian(target, accountLength);
        at += accountLength;
        Put(target, ref at, entry.Version);
        entry.Operation.TryWriteBytes(target[at..], bigEndian: true, out int guidLength);
        at += guidLength;
        BinaryPrimitives.WriteInt16LittleEndian(target[at..], (short)entry.Leg);
        BinaryPrimitives.WriteInt16LittleEndian(target[(at + sizeof(short))..], (short)entry.Kind);
        at += sizeof(short) * 2;
        Put(target, ref at, entry.Amounts);
        Put(target, ref at, entry.Balances);
        Put(target, ref at, entry.At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(target[at..], detail?.Length ?? -1);
        at += sizeof(int);
        detail.CopyTo(target[at..]);
        return at + (detail?.Length ?? 0);
    }

    private static void Put(Span<byte> target, ref int at, Amounts amounts)
    {
        Put(target, ref at, amounts.PersonalFen);
        Put(target, ref at, amounts.WalletFen);
        Put(target, ref at, amounts.HeldFen);
        Put(target, ref at, amounts.QuotaFen);
    }

    private static void Put(Span<byte> target, ref int at, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target[at..], value);
        at += sizeof(long);
    }
}
