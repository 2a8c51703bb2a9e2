namespace Gongji.Client;

/// <summary>
/// Signs every request that passes through it, each time anew. A retry handler must therefore wrap this one, since a signature is accepted only once. A body that
/// cannot be read twice is first buffered in memory.
/// </summary>
/// <param name="signer">Signs the requests.</param>
/// <param name="inner">Sends the requests.</param>
public sealed class SigningHandler(RequestSigner signer, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The request's address is not absolute.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? digest = request.Content is null ? null : await DigestAsync(request.Content, cancellationToken);
        SignedFields fields = signer.Sign(request.Method.Method, TargetUriOf(request), digest);
        Set(request, SignedFields.SignatureInputField, fields.SignatureInput);
        Set(request, SignedFields.SignatureField, fields.Signature);
        if (digest is not null)
        {
            Set(request, ContentDigests.Field, digest);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    /// <summary>The address as the server will see it.</summary>
    private static string TargetUriOf(HttpRequestMessage request)
    {
        Uri uri = request.RequestUri is { IsAbsoluteUri: true } absolute ? absolute : throw new InvalidOperationException("A request is signed with its absolute address.");
        string host = request.Headers.Host ?? (uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}");
        return $"{uri.Scheme}://{host}{uri.PathAndQuery}";
    }

    private static async Task<string> DigestAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream body = await content.ReadAsStreamAsync(cancellationToken);
        if (!body.CanSeek)
        {
            // The content can be read only once, so it is buffered: hashed now, sent afterwards.
            return ContentDigests.Of(await content.ReadAsByteArrayAsync(cancellationToken));
        }

        long start = body.Position;
        string digest = await ContentDigests.OfAsync(body, cancellationToken);
        body.Position = start;
        return digest;
    }

    private static void Set(HttpRequestMessage request, string field, string value)
    {
        request.Headers.Remove(field);
        request.Headers.TryAddWithoutValidation(field, value);
    }
}
