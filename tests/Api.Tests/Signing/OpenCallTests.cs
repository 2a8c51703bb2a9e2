using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests.Signing;

/// <summary>What needs no signature where all else does.</summary>
public sealed class OpenCallTests(SignedApp app) : IClassFixture<SignedApp>
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/metrics", "text/plain")]
    [InlineData("/health/live", "application/json")]
    [InlineData("/health/ready", "application/json")]
    [InlineData("/openapi/v1.json", "application/json")]
    public async Task Anybody_may_ask_also_with_head_which_answers_the_same_without_a_body(string path, string mediaType)
    {
        using Caller stranger = app.ByHand();

        Answer get = await stranger.GetAsync(path);
        Answer head = await stranger.SendAsync(HttpMethod.Head, path, null);

        Assert.Equal((200, mediaType), (get.Status, get.MediaType));
        Assert.NotEqual("", get.Text);
        Assert.Equal((200, mediaType, ""), (head.Status, head.MediaType, head.Text));
    }

    [Fact]
    public async Task Head_of_what_does_not_take_it_says_what_is_taken()
    {
        Answer answer = await app.Http.SendAsync(HttpMethod.Head, "/v1/regions", null);

        Assert.Equal((405, "GET"), (answer.Status, answer.Response.Content.Headers.Allow.Single()));
    }
}
