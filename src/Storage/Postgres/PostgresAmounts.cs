using System.Numerics;
using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The stored form of an entry's amounts and of the balances after it: the length of what follows, a bit for each of the eight figures that says whether
/// it is other than 0, and the figures that are. Most are 0 or small, so some 15 bytes do instead of 64: for a transfer, PostgreSQL writes a quarter less
/// to its table and a fifth less to its log.
/// </summary>
internal static class PostgresAmounts
{
    /// <summary>The greatest length of the stored form, in bytes: every figure with all its bits.</summary>
    public const int LengthMax = 2 + Figures * FigureLengthMax;

    private const int Figures = 8;

    /// <summary>64 bits, seven in a byte.</summary>
    private const int FigureLengthMax = 10;

    private const int More = 0x80;
    private const int BitsPerByte = 7;

    /// <summary>Writes the stored form.</summary>
    /// <returns>Its length, in bytes.</returns>
    public static int Write(Span<byte> target, Amounts amounts, Amounts balances)
    {
        int figures = 0;
        int at = 2;
        Put(target, amounts.PersonalFen, 0, ref figures, ref at);
        Put(target, amounts.WalletFen, 1, ref figures, ref at);
        Put(target, amounts.HeldFen, 2, ref figures, ref at);
        Put(target, amounts.QuotaFen, 3, ref figures, ref at);
        Put(target, balances.PersonalFen, 4, ref figures, ref at);
        Put(target, balances.WalletFen, 5, ref figures, ref at);
        Put(target, balances.HeldFen, 6, ref figures, ref at);
        Put(target, balances.QuotaFen, 7, ref figures, ref at);
        target[0] = (byte)(at - 1);
        target[1] = (byte)figures;
        return at;
    }

    /// <summary>Reads the stored form at the beginning of some bytes.</summary>
    /// <param name="source">The stored form, and whatever follows.</param>
    /// <param name="balances">The balances; the amounts are returned.</param>
    /// <param name="length">The length of the stored form, in bytes.</param>
    /// <exception cref="JsonException">The bytes are not amounts: the store was changed from outside.</exception>
    public static Amounts Read(ReadOnlySpan<byte> source, out Amounts balances, out int length)
    {
        length = source.Length < 2 ? 0 : source[0] + 1;
        if (length < 2 || length > source.Length)
        {
            throw Unreadable();
        }

        int figures = source[1];
        ReadOnlySpan<byte> left = source[2..length];
        Amounts amounts = new(Next(ref left, figures, 0), Next(ref left, figures, 1), Next(ref left, figures, 2), Next(ref left, figures, 3));
        balances = new(Next(ref left, figures, 4), Next(ref left, figures, 5), Next(ref left, figures, 6), Next(ref left, figures, 7));
        return left.IsEmpty ? amounts : throw Unreadable();
    }

    /// <summary>Writes a figure with its sign in the lowest bit, so that small ones are short whatever their sign; the lowest seven bits come first.</summary>
    private static void Put(Span<byte> target, long fen, int figure, ref int figures, ref int at)
    {
        if (fen == 0)
        {
            return;
        }

        figures |= 1 << figure;
        ulong rest = unchecked((ulong)(fen << 1) ^ (ulong)(fen >> 63));
        for (; rest >= More; rest >>= BitsPerByte)
        {
            target[at++] = (byte)(rest & (More - 1) | More);
        }

        target[at++] = (byte)rest;
    }

    private static long Next(ref ReadOnlySpan<byte> left, int figures, int figure)
    {
        if ((figures & 1 << figure) == 0)
        {
            return 0;
        }

        ulong bits = 0;
        for (int at = 0; at < left.Length && at < FigureLengthMax; at++)
        {
            ulong part = left[at] & (ulong)(More - 1);
            int shift = at * BitsPerByte;
            if (part != 0 && shift + BitOperations.Log2(part) >= 64)
            {
                break;
            }

            bits |= part << shift;
            if (left[at] < More)
            {
                left = left[(at + 1)..];
                return unchecked((long)(bits >> 1) ^ -(long)(bits & 1));
            }
        }

        throw Unreadable();
    }

    private static JsonException Unreadable() => new("The amounts of an entry cannot be read.");
}
