using System.Buffers;
using Gongji.Api.Http;

namespace Gongji.Api.Endpoints;

/// <summary>What one line says: a command, or what is wrong with it.</summary>
/// <param name="Id">The line's id, as far as it could be read.</param>
/// <param name="Problem">Why there is no command.</param>
/// <param name="Run">Runs the command; given the line's number, gives its answer when it is durable. Null when there is a problem.</param>
internal readonly record struct LineCommand(Guid? Id, ProblemAnswer? Problem, Func<long, Task<LineResult>>? Run)
{
    /// <summary>What the line is, for counting; one of few words.</summary>
    public string Op { get; init; } = LineFields.NameOf(LineOp.Unknown);

    /// <summary>Who acts. Lines of one person, and lines with one id, are run in their order; null: in any.</summary>
    public string? By { get; init; }

    public static LineCommand Of(Guid id, Func<long, Task<LineResult>> run) => new(id, null, run);

    public static LineCommand Bad(Guid? id, ProblemAnswer problem) => new(id, problem, null);

    /// <summary>A line that could not be read whole; its id may still be there to be found.</summary>
    public static LineCommand Bad(in ReadOnlySequence<byte> line, ProblemAnswer? problem) =>
        Bad(LineFields.FindId(line), problem ?? ProblemAnswer.Malformed("The line cannot be read."));
}
