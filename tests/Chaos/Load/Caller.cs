using System.Net.Sockets;
using System.Text;

namespace Gongji.Chaos.Load;

/// <summary>Calls the product over HTTP.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _http;

    public Caller(Uri address)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * ChaosLimits.Clients, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = ChaosLimits.AnswerWithin,
        };
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, json);

    public Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    /// <summary>Whether an exception means that no answer came.</summary>
    public static bool IsLost(Exception exception) => exception is HttpRequestException or SocketException or IOException or OperationCanceledException;

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? json)
    {
        using HttpRequestMessage request = new(method, path);
        request.Content = string.IsNullOrEmpty(json) ? null : new StringContent(json, Encoding.UTF8, "application/json");
        long sentAt = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        bool isReplay = response.Headers.TryGetValues("Idempotent-Replay", out IEnumerable<string>? values) && values.Single() == "true";
        return new Answer((int)response.StatusCode, text, isReplay, response.Headers.RetryAfter?.Delta, sentAt);
    }
}
