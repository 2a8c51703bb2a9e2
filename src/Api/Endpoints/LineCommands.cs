using System.Buffers;

namespace Gongji.Api.Endpoints;

/// <summary>Reads the lines of a stream as commands.</summary>
internal abstract class LineCommands
{
    /// <summary>Reads one line, without its line end. <paramref name="line"/> is valid only until this returns.</summary>
    public abstract LineCommand Read(in ReadOnlySequence<byte> line);
}
