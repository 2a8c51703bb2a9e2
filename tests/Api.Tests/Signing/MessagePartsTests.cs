using Gongji.Api.Signing;
using Gongji.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gongji.Api.Tests.Signing;

/// <summary>Which parts of an address are signed, with and without a proxy in front.</summary>
public sealed class MessagePartsTests
{
    [Theory]
    [InlineData("/v1/x%7E?y=1&z=%20", null, "http://Host:8080/v1/x%7E?y=1&z=%20", "host:8080", "http", "/v1/x%7E", "?y=1&z=%20")]
    [InlineData("/", null, "http://Host:8080/", "host:8080", "http", "/", "?")]
    [InlineData("/v1/x", "https://gongji.example", "https://gongji.example/v1/x", "gongji.example", "https", "/v1/x", "?")]
    [InlineData("/v1/x?", "https://gongji.example:443/api/", "https://gongji.example/api/v1/x?", "gongji.example", "https", "/api/v1/x", "?")]
    [InlineData("http://other:80/v1/x?a", null, "http://other:80/v1/x?a", "other", "http", "/v1/x", "?a")]
    [InlineData("http://other:80/v1/x?a", "https://gongji.example", "https://gongji.example/v1/x?a", "gongji.example", "https", "/v1/x", "?a")]
    public void Address_is_what_the_caller_sees(string target, string? publicUrl, string uri, string authority, string scheme, string path, string query)
    {
        DefaultHttpContext http = new();
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("Host:8080");
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;

        MessageParts parts = new(http.Request, publicUrl is null ? null : new Uri(publicUrl));

        Assert.Equal(uri, parts.TargetUri);
        Assert.Equal(
            (authority, scheme, path, query),
            (Value("@authority"), Value("@scheme"), Value("@path"), Value("@query")));

        string? Value(string name) => parts.ValueOf(FieldItem.Of(name));
    }

    [Fact]
    public void Header_field_is_trimmed_and_its_lines_are_joined()
    {
        DefaultHttpContext http = new();
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/";
        http.Request.Headers["x-list"] = new([" a", "b "]);
        MessageParts parts = new(http.Request, null);

        Assert.Equal("a, b", parts.ValueOf(FieldItem.Of("x-list")));
        Assert.Null(parts.ValueOf(FieldItem.Of("x-none")));
    }
}
