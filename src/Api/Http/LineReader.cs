using System.Buffers;
using System.IO.Pipelines;

namespace Gongji.Api.Http;

/// <summary>One line of a request.</summary>
/// <param name="Number">The line's number, from 1.</param>
/// <param name="Content">The line without its end; empty when it is too long. Valid until the next line is read.</param>
/// <param name="IsTooLong">Whether the line was over the limit; the rest of it has been skipped.</param>
internal readonly record struct Line(long Number, ReadOnlySequence<byte> Content, bool IsTooLong)
{
    /// <summary>Whether the line is empty.</summary>
    public bool IsBlank => !IsTooLong && (Content.IsEmpty || (Content.Length == 1 && Content.FirstSpan[0] == (byte)'\r'));
}

/// <summary>Reads lines of bounded length from a request body; the last one need not have a line end. Reads more input only when no whole line is left.</summary>
internal sealed class LineReader(PipeReader reader, int lineBytesMax)
{
    private ReadOnlySequence<byte> _unread;
    private long _number;
    private bool _hasRead;
    private bool _isLast;
    private bool _isSkipping;

    /// <summary>Reads the next line; null at the end.</summary>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_unread.PositionOf((byte)'\n') is { } end)
            {
                Line line = Take(_unread.Slice(0, end));
                _unread = _unread.Slice(_unread.GetPosition(1, end));
                return line;
            }

            if (_isLast)
            {
                if (_unread.IsEmpty && !_isSkipping)
                {
                    Release(_unread.End);
                    return null;
                }

                Line line = Take(_unread);
                _unread = _unread.Slice(_unread.End);
                return line;
            }

            _isSkipping |= _unread.Length > lineBytesMax;
            Release(_isSkipping ? _unread.End : _unread.Start);
            ReadResult read = await reader.ReadAsync(cancellationToken);
            (_unread, _isLast, _hasRead) = (read.Buffer, read.IsCompleted, true);
        }
    }

    /// <summary>Releases the buffer up to a position; the rest is returned by the next read.</summary>
    private void Release(SequencePosition consumed)
    {
        if (_hasRead)
        {
            reader.AdvanceTo(consumed, _unread.End);
            _hasRead = false;
        }
    }

    private Line Take(ReadOnlySequence<byte> content)
    {
        bool isTooLong = _isSkipping || content.Length > lineBytesMax;
        _isSkipping = false;
        ReadOnlySequence<byte> line = isTooLong ? ReadOnlySequence<byte>.Empty : _number == 0 ? RequestBody.SkipByteOrderMark(content) : content;
        return new Line(++_number, line, isTooLong);
    }
}
