using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// The fixed beginning of a row of entries as kept while rows are sorted; body and outcome follow it. The same process writes and reads it, so it is in
/// the machine's own byte order.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct RowFields
{
    /// <summary>The account's number.</summary>
    public long Account { get; set; }

    public long Version { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; set; }

    public long Batch { get; set; }

    /// <summary>For an opening that points to its answer: the number of the answer's account; 0 for all others.</summary>
    public long AnswerAccount { get; set; }

    /// <summary>The answer's version.</summary>
    public long AnswerVersion { get; set; }

    public Guid Operation { get; set; }

    public int Position { get; set; }

    public short Leg { get; set; }

    public short Kind { get; set; }

    /// <summary>Whether this is an answer that its opening points to.</summary>
    public bool AnswersAlong { get; set; }

    public int BodyLength { get; set; }

    /// <summary>-1 for none.</summary>
    public int OutcomeLength { get; set; }

    /// <summary>The length of the whole row, in bytes: a multiple of 8, so that rows one after the other are all aligned.</summary>
    public int Length { get; set; }

    /// <summary>Bytes before the body.</summary>
    public static int Size => Unsafe.SizeOf<RowFields>();

    /// <summary>The fields at the beginning of a row, in place.</summary>
    public static ref readonly RowFields Of(ReadOnlySpan<byte> row) => ref MemoryMarshal.AsRef<RowFields>(row);

    public readonly ReadOnlySpan<byte> BodyIn(ReadOnlySpan<byte> row) => row.Slice(Size, BodyLength);

    public readonly ReadOnlySpan<byte> OutcomeIn(ReadOnlySpan<byte> row) => row.Slice(Size + BodyLength, Math.Max(OutcomeLength, 0));
}
