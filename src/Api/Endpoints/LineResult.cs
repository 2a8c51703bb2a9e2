using System.Text.Json.Serialization.Metadata;
using Gongji.Api.Contracts;
using Gongji.Api.Http;

namespace Gongji.Api.Endpoints;

/// <summary>The answer to one line: its content, and how to serialize it.</summary>
internal readonly record struct LineResult(object Content, JsonTypeInfo Type)
{
    public static LineResult Of<T>(T content, JsonTypeInfo<T> type)
        where T : class => new(content, type);

    /// <summary>The answer to a line that failed.</summary>
    public static LineResult Failed(HttpContext http, long line, Guid? id, ProblemAnswer answer)
    {
        Problem problem = answer.ToProblem(http);
        return Of(
            new LineProblem
            {
                Line = line,
                Id = id,
                Type = problem.Type,
                Title = problem.Title,
                Status = problem.Status,
                Detail = problem.Detail,
                Code = problem.Code,
                TraceId = problem.TraceId,
            },
            ApiJson.Shared.LineProblem);
    }
}
