using System.Buffers;

namespace Gongji.Api.Endpoints;

/// <summary>Reads the lines of a stream as commands.</summary>
internal abstract class LineCommands
{
    /// <summary>One line, without its end; good only until this returns.</summary>
    public abstract LineCommand Read(in ReadOnlySequence<byte> line);
}
