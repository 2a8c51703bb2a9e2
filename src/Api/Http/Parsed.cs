namespace Gongji.Api.Http;

/// <summary>A parsed body, or the problem to answer instead.</summary>
internal readonly record struct Parsed<T>(T? Value, ProblemAnswer? Problem)
    where T : class
{
    public static implicit operator Parsed<T>(ProblemAnswer problem) => new(null, problem);
}
