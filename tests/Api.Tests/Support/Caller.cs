using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Gongji.Client;

namespace Gongji.Api.Tests.Support;

/// <summary>Calls the API over HTTP like any client; signs when a key is given.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, byte> _answered = [];

    public Caller(Uri address, int connectionsMax = 64, GatewayKey? key = null, TimeProvider? time = null)
    {
        HttpMessageHandler handler = new SocketsHttpHandler { MaxConnectionsPerServer = connectionsMax, UseProxy = false };
        _http = new HttpClient(key is null ? handler : new SigningHandler(new RequestSigner(key, time ?? TimeProvider.System), handler))
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>The operations of the document that succeeded.</summary>
    public IEnumerable<string> Answered => _answered.Keys;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, Json(json));

    public Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, Json(json));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        return await SendAsync(request);
    }

    /// <summary>Sends a request, and checks the answer against the OpenAPI document.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        if (await ApiDescription.CheckAsync(request, response, text) is { } operation)
        {
            _answered.TryAdd(operation, 0);
        }

        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response, text);
    }

    public static ByteArrayContent Json(string json) => Bytes(Encoding.UTF8.GetBytes(json), "application/json");

    public static ByteArrayContent Bytes(byte[] bytes, string? mediaType)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    public void Dispose() => _http.Dispose();
}
