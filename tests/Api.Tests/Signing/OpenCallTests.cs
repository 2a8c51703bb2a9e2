using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests.Signing;

/// <summary>The calls that need no signature when all others do.</summary>
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

    [Theory]
    [InlineData("/v1/regions", 200)]
    [InlineData("/v1/regions/320500", 200)]
    [InlineData("/v1/regions/999998", 404)]
    [InlineData("/v1/regions/x", 400)]
    [InlineData("/v1/persons/nobody", 404)]
    [InlineData("/v1/persons/nobody/entries?limit=x", 400)]
    [InlineData("/v1/transfers/0193838a-7c1e-7b3a-9f00-1234567890ab", 404)]
    [InlineData("/v1/clearing/2024-12-02", 200)]
    [InlineData("/v1/reconciliation/320500/2024-12-02", 200)]
    [InlineData("/v1/stats/aid?from=2024-12-01&to=2024-12-02", 200)]
    [InlineData("/v1/audit", 200)]
    public async Task Head_answers_as_get_does_without_a_body(string path, int status)
    {
        Answer get = await app.Http.GetAsync(path);
        Answer head = await app.Http.SendAsync(HttpMethod.Head, path, null);

        Assert.Equal((status, status), (get.Status, head.Status));
        Assert.Equal((get.MediaType, ""), (head.MediaType, head.Text));
    }

    [Theory]
    [InlineData("/v1/events", "GET")]
    [InlineData("/v1/batch", "POST")]
    public async Task Head_of_what_does_not_take_it_says_what_is_taken(string path, string taken)
    {
        Answer answer = await app.Http.SendAsync(HttpMethod.Head, path, null);

        Assert.Equal((405, taken), (answer.Status, answer.Response.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task Head_is_what_its_signature_covers()
    {
        using Caller stranger = app.ByHand();
        using HttpRequestMessage right = app.Request(HttpMethod.Head, "/v1/regions/320500").ToRequest();
        using HttpRequestMessage wrong = app.Request(HttpMethod.Get, "/v1/regions/320500").ToRequest();
        wrong.Method = HttpMethod.Head;

        Answer taken = await stranger.SendAsync(right);
        Answer refused = await stranger.SendAsync(wrong);

        Assert.Equal((200, ""), (taken.Status, taken.Text));
        Assert.Equal((401, ""), (refused.Status, refused.Text));
    }
}
