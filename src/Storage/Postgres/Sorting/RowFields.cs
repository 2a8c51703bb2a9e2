using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// The begin of a row of entries as it is kept while rows are sorted; body and outcome follow. Written and read by one process, so in its
/// own byte order.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct RowFields
{
    /// <summary>Its number.</summary>
    public long Account { get; set; }

    public long Version { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; set; }

    public long Batch { get; set; }

    /// <summary>Of an opening that leads to its answer: the number of that account; 0 of all others.</summary>
    public long AnswerAccount { get; set; }

    /// <summary>The answer's version.</summary>
    public long AnswerVersion { get; set; }

    public Guid Operation { get; set; }

    public int Position { get; set; }

    public short Leg { get; set; }

    public short Kind { get; set; }

    /// <summary>Whether its opening leads to it.</summary>
    public bool AnswersAlong { get; set; }

    public int BodyLength { get; set; }

    /// <summary>-1 for none.</summary>
    public int OutcomeLength { get; set; }

    /// <summary>Of the whole row, in bytes: a multiple of 8, so that rows one after the other are all aligned.</summary>
    public int Length { get; set; }

    /// <summary>Bytes before the body.</summary>
    public static int Size => Unsafe.SizeOf<RowFields>();

    /// <summary>Those that a row begins with, where they are.</summary>
    public static ref readonly RowFields Of(ReadOnlySpan<byte> row) => ref MemoryMarshal.AsRef<RowFields>(row);

    public readonly ReadOnlySpan<byte> BodyIn(ReadOnlySpan<byte> row) => row.Slice(Size, BodyLength);

    public readonly ReadOnlySpan<byte> OutcomeIn(ReadOnlySpan<byte> row) => row.Slice(Size + BodyLength, Math.Max(OutcomeLength, 0));
}
