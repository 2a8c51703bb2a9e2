using System.Buffers;
using System.IO.Pipelines;

namespace Gongji.Api.Http;

/// <summary>One line of a request.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Content">Without its end; empty when it is too long. Good until the next line is read.</param>
/// <param name="IsTooLong">The line was over the bound; its rest has been skipped.</param>
internal readonly record struct Line(long Number, ReadOnlySequence<byte> Content, bool IsTooLong)
{
    /// <summary>Whether there is nothing on the line.</summary>
    public bool IsBlank => !IsTooLong && (Content.IsEmpty || (Content.Length == 1 && Content.FirstSpan[0] == (byte)'\r'));
}

/// <summary>Reads lines of bounded length from a request body; the last one need not be ended.</summary>
internal sealed class LineReader(PipeReader reader, int lineBytesMax)
{
    private long _number;
    private SequencePosition? _consumed;
    private bool _isSkipping;

    /// <summary>The next line; null at the end.</summary>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        Release();
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                _consumed = buffer.GetPosition(1, end);
                return Take(buffer.Slice(0, end));
            }

            if (read.IsCompleted && buffer.IsEmpty && !_isSkipping)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                _consumed = buffer.End;
                return Take(buffer);
            }

            if (buffer.Length > lineBytesMax)
            {
                _isSkipping = true;
            }

            reader.AdvanceTo(_isSkipping ? buffer.End : buffer.Start, buffer.End);
        }
    }

    private Line Take(ReadOnlySequence<byte> content)
    {
        bool isTooLong = _isSkipping || content.Length > lineBytesMax;
        _isSkipping = false;
        return new Line(++_number, isTooLong ? ReadOnlySequence<byte>.Empty : content, isTooLong);
    }

    private void Release()
    {
        if (_consumed is { } position)
        {
            reader.AdvanceTo(position);
            _consumed = null;
        }
    }
}
