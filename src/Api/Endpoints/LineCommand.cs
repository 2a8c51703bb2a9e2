using System.Buffers;
using Gongji.Api.Http;

namespace Gongji.Api.Endpoints;

/// <summary>What one line says: a command, or the problem with it.</summary>
/// <param name="Id">The line's id; null when it could not be read.</param>
/// <param name="Problem">Why there is no command.</param>
/// <param name="Run">Runs the command. Takes the line's number and returns the answer when it is durable. Null when there is a problem.</param>
internal readonly record struct LineCommand(Guid? Id, ProblemAnswer? Problem, Func<long, Task<LineResult>>? Run)
{
    /// <summary>What the line is, as a metric label; one of a few words.</summary>
    public string Op { get; init; } = LineFields.NameOf(LineOp.Unknown);

    /// <summary>The person who acts. Lines with the same person or the same id run in the order of the lines. Null: no order.</summary>
    public string? By { get; init; }

    public static LineCommand Of(Guid id, Func<long, Task<LineResult>> run) => new(id, null, run);

    public static LineCommand Bad(Guid? id, ProblemAnswer problem) => new(id, problem, null);

    /// <summary>A line that could not be read as a command; its id may still be readable.</summary>
    public static LineCommand Bad(in ReadOnlySequence<byte> line, ProblemAnswer? problem) =>
        Bad(LineFields.FindId(line), problem ?? ProblemAnswer.Malformed("The line cannot be read."));
}
