namespace Gongji.Api.Tests.Support;

/// <summary>The requirements for every error.</summary>
internal static class Expect
{
    /// <summary>Expects problem+json with every field and, where it is due, the Retry-After header.</summary>
    public static void Problem(Answer answer, int status, string code)
    {
        Assert.True(status == answer.Status, $"Expected {status} {code}, got {answer.Status}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(code, answer.Code);
        Assert.Equal(status, answer.Number("status"));
        Assert.Equal($"urn:gongji:problem:{code}", answer.Field("type"));
        Assert.False(string.IsNullOrWhiteSpace(answer.Field("title")));
        Assert.False(string.IsNullOrWhiteSpace(answer.Field("detail")));
        Assert.False(string.IsNullOrWhiteSpace(answer.Field("traceId")));
        Assert.Equal(status is 429 or 503 or 504, answer.Response.Headers.RetryAfter is not null);
    }
}
