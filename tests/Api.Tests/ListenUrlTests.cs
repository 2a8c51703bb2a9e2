using Gongji.Api.Hosting;

namespace Gongji.Api.Tests;

public sealed class ListenUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1", 8080)]
    [InlineData("http://127.0.0.1:0/", "127.0.0.1", 0)]
    [InlineData("http://127.9.8.7:1234", "127.9.8.7", 1234)]
    [InlineData("HTTP://[::1]:8080", "::1", 8080)]
    [InlineData("http://localhost:8080", null, 8080)]
    [InlineData("http://127.0.0.1", "127.0.0.1", 80)]
    public void Url_of_this_machine_is_taken(string text, string? address, int port)
    {
        Assert.True(ListenUrl.TryParseAll(text, out IReadOnlyList<ListenUrl>? urls, out _));

        Assert.Equal((address, port), (urls.Single().Address?.ToString(), urls.Single().Port));
    }

    [Fact]
    public void Urls_separated_by_semicolons_are_all_taken()
    {
        Assert.True(ListenUrl.TryParseAll("http://127.0.0.1:1; http://[::1]:2;", out IReadOnlyList<ListenUrl>? urls, out _));

        Assert.Equal([1, 2], urls.Select(url => url.Port));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.9.8.7:1234", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://10.0.0.5:8080", false)]
    [InlineData("http://192.168.1.1:8080", false)]
    [InlineData("http://128.0.0.1:8080", false)]
    [InlineData("http://[::ffff:10.0.0.1]:8080", false)]
    [InlineData("http://[::ffff:127.0.0.1]:8080", false)]
    [InlineData("http://[fe80::1]:8080", false)]
    public void Url_is_known_as_one_that_only_this_machine_reaches_or_not(string text, bool isLoopback)
    {
        Assert.True(ListenUrl.TryParseAll(text, out IReadOnlyList<ListenUrl>? urls, out string? error), error);

        Assert.Equal(isLoopback, urls.Single().IsLoopback);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://example.com:8080")]
    [InlineData("http://localhost.example.com:8080")]
    [InlineData("http://127.0.0.1.example.com:8080")]
    [InlineData("http://127.0.0.1:1;http://example.com:2")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("http://user@127.0.0.1:8080")]
    [InlineData("http://unix:/tmp/socket")]
    public void Url_of_another_form_is_refused_with_a_word_on_what_to_do(string text)
    {
        Assert.False(ListenUrl.TryParseAll(text, out _, out string? error));

        Assert.Contains("http", error, StringComparison.Ordinal);
    }
}
