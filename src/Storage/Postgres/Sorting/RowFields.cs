using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The begin of a row of entries as it is kept while rows are sorted; account, detail and outcome follow. Written and read by one process, so in its
/// own byte order.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct RowFields
{
    /// <summary>Unix milliseconds.</summary>
    public long At { get; set; }

    public long Version { get; set; }

    public long Batch { get; set; }

    public Amounts Amounts { get; set; }

    public Amounts Balances { get; set; }

    public Guid Operation { get; set; }

    public int Position { get; set; }

    public short Leg { get; set; }

    public short Kind { get; set; }

    public int AccountLength { get; set; }

    /// <summary>-1 for none.</summary>
    public int DetailLength { get; set; }

    /// <summary>-1 for none.</summary>
    public int OutcomeLength { get; set; }

    /// <summary>Of the whole row, in bytes: a multiple of 8, so that rows one after the other are all aligned.</summary>
    public int Length { get; set; }

    /// <summary>Bytes before the account.</summary>
    public static int Size => Unsafe.SizeOf<RowFields>();

    /// <summary>Those that a row begins with, where they are.</summary>
    public static ref readonly RowFields Of(ReadOnlySpan<byte> row) => ref MemoryMarshal.AsRef<RowFields>(row);

    public readonly ReadOnlySpan<byte> AccountIn(ReadOnlySpan<byte> row) => row.Slice(Size, AccountLength);

    public readonly ReadOnlySpan<byte> DetailIn(ReadOnlySpan<byte> row) => row.Slice(Size + AccountLength, Math.Max(DetailLength, 0));

    public readonly ReadOnlySpan<byte> OutcomeIn(ReadOnlySpan<byte> row) => row.Slice(Size + AccountLength + Math.Max(DetailLength, 0), Math.Max(OutcomeLength, 0));
}
