using Gongji.Client;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gongji.Api.Signing;

/// <summary>The components of a request that a signature may cover (RFC 9421, 2.1 and 2.2), as the client sent them.</summary>
internal sealed class MessageParts
{
    /// <summary>The derived components that are supported, for messages to people.</summary>
    public const string Known = "@method, @target-uri, @authority, @scheme, @path, @query";

    private readonly HttpRequest _request;
    private readonly int _authorityAt;
    private readonly int _pathAt;

    /// <param name="request">The request.</param>
    /// <param name="publicUrl">This server's address as callers see it; null to use their Host header.</param>
    public MessageParts(HttpRequest request, Uri? publicUrl)
    {
        _request = request;
        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        TargetUri = publicUrl is not null ? string.Concat(publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/'), PathOf(target))
            : target.StartsWith('/') ? string.Concat(request.Scheme, "://", request.Host.Value, target)
            : target;
        _authorityAt = TargetUri.IndexOf("://", StringComparison.Ordinal) + 3;
        int path = TargetUri.IndexOf('/', _authorityAt);
        _pathAt = path < 0 ? TargetUri.Length : path;
    }

    /// <summary>The absolute address, with path and query as they were sent.</summary>
    public string TargetUri { get; }

    /// <summary>Whether a component is supported: one of <see cref="Known"/>, or a header field.</summary>
    public static bool IsKnown(string name) => name is SignatureBase.Method or SignatureBase.TargetUri or "@authority" or "@scheme" or "@path" or "@query"
        || (name.Length > 0 && name[0] != '@' && !name.AsSpan().ContainsAnyExceptInRange('!', '~') && !name.Any(char.IsAsciiLetterUpper));

    /// <summary>A component's value; null when the request has no such component.</summary>
    public string? ValueOf(FieldItem component) => (string)component.Value switch
    {
        SignatureBase.Method => _request.Method,
        SignatureBase.TargetUri => TargetUri,
        "@authority" => Authority(),
        "@scheme" => TargetUri[..(_authorityAt - 3)].ToLowerInvariant(),
        "@path" => Path(),
        "@query" => Query(),
        string field => Field(field),
    };

    private string Authority()
    {
        string authority = TargetUri[_authorityAt.._pathAt].ToLowerInvariant();
        string defaultPort = TargetUri.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        return authority.EndsWith(defaultPort, StringComparison.Ordinal) ? authority[..^defaultPort.Length] : authority;
    }

    private string Path()
    {
        int query = TargetUri.IndexOf('?', _pathAt);
        string path = TargetUri[_pathAt..(query < 0 ? TargetUri.Length : query)];
        return path.Length == 0 ? "/" : path;
    }

    private string Query()
    {
        int query = TargetUri.IndexOf('?', _pathAt);
        return query < 0 ? "?" : TargetUri[query..];
    }

    private string? Field(string name)
    {
        StringValues values = _request.Headers[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0]?.Trim(),
            _ => string.Join(", ", values.Select(value => value?.Trim())),
        };
    }

    /// <summary>The path and query of a request target, which may be in absolute form.</summary>
    private static string PathOf(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        int authority = target.IndexOf("://", StringComparison.Ordinal);
        int path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
        return path < 0 ? "/" : target[path..];
    }
}
