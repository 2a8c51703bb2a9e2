using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gongji.Api.Http;
using Gongji.Client;

namespace Gongji.Api.Demo;

/// <summary>One call and its response.</summary>
/// <param name="Request">Method, path and body, as sent.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The response body.</param>
/// <param name="IsReplay">Whether this is the first answer, given again.</param>
/// <param name="Elapsed">From sending the request to having the whole response.</param>
internal sealed record DemoAnswer(string Request, int Status, JsonNode Body, bool IsReplay, TimeSpan Elapsed)
{
    /// <summary>Reads a text of the answer, e.g. <c>status</c> or <c>clearing.alert</c>; empty when it is absent.</summary>
    public string Text(string path) => Find(path)?.ToString() ?? string.Empty;

    /// <summary>Reads a number of the answer; 0 when it is absent.</summary>
    public long Number(string path) => Find(path)?.GetValue<long>() ?? 0;

    private JsonNode? Find(string path)
    {
        JsonNode? node = Body;
        foreach (string name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }
}

/// <summary>Calls the product as a gateway would: over HTTP, signed.</summary>
/// <param name="address">The server's address.</param>
/// <param name="key">Signs the calls.</param>
/// <param name="time">Dates signatures and measures answers.</param>
internal sealed class DemoClient(Uri address, GatewayKey key, TimeProvider time) : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RequestSigner _signer = new(key, time);
    private readonly HttpClient _unsigned = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private readonly HttpClient _http = new(new SigningHandler(new RequestSigner(key, time), new SocketsHttpHandler()))
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public Task<DemoAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<DemoAnswer> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, body, cancellationToken);

    public Task<DemoAnswer> PostAsync(string path, JsonObject? body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Sends a call without a signature.</summary>
    public Task<DemoAnswer> PostUnsignedAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(_unsigned, HttpMethod.Post, path, body, _ => { }, cancellationToken);

    /// <summary>Sends a call whose body differs from the one that was signed.</summary>
    public Task<DemoAnswer> PostTamperedAsync(string path, JsonObject signed, JsonObject sent, CancellationToken cancellationToken)
    {
        string digest = ContentDigests.Of(Encoding.UTF8.GetBytes(signed.ToJsonString(Readable)));
        SignedFields fields = _signer.Sign("POST", new Uri(address, path).AbsoluteUri, digest);
        return SendAsync(
            _unsigned,
            HttpMethod.Post,
            path,
            sent,
            request =>
            {
                request.Headers.Add(SignedFields.SignatureInputField, fields.SignatureInput);
                request.Headers.Add(SignedFields.SignatureField, fields.Signature);
                request.Headers.Add(ContentDigests.Field, digest);
            },
            cancellationToken);
    }

    public Task<DemoAnswer> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>Reads events until one matches; the answer holds all events read.</summary>
    public async Task<DemoAnswer> ReadEventsAsync(string path, Func<JsonNode, bool> isLast, CancellationToken cancellationToken)
    {
        const string Data = "data: ";
        long started = time.GetTimestamp();
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        JsonArray events = [];
        while (response.IsSuccessStatusCode && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Data, StringComparison.Ordinal) && JsonNode.Parse(line[Data.Length..]) is { } item)
            {
                events.Add(item);
                if (isLast(item))
                {
                    break;
                }
            }
        }

        return new DemoAnswer($"GET {path}", (int)response.StatusCode, new JsonObject { ["events"] = events }, false, time.GetElapsedTime(started));
    }

    public void Dispose()
    {
        _http.Dispose();
        _unsigned.Dispose();
    }

    private Task<DemoAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken) =>
        SendAsync(_http, method, path, body, _ => { }, cancellationToken);

    private async Task<DemoAnswer> SendAsync(
        HttpClient http, HttpMethod method, string path, JsonObject? body, Action<HttpRequestMessage> finish, CancellationToken cancellationToken)
    {
        string json = body?.ToJsonString(Readable) ?? string.Empty;
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        finish(request);
        long started = time.GetTimestamp();
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        TimeSpan elapsed = time.GetElapsedTime(started);
        return new DemoAnswer(
            $"{method} {path} {json}".TrimEnd(),
            (int)response.StatusCode,
            JsonNode.Parse(text) ?? new JsonObject(),
            response.Headers.Contains(Answers.ReplayHeader),
            elapsed);
    }
}
