using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gongji.Client;

namespace Gongji.LoadTest;

/// <summary>A running server, through its HTTP API.</summary>
/// <param name="address">The server's address.</param>
/// <param name="key">The key to sign with; null when the server accepts unsigned calls.</param>
/// <param name="connections">The most connections to it.</param>
/// <param name="time">The clock for signatures.</param>
internal sealed class RemoteServer(Uri address, GatewayKey? key, int connections, TimeProvider time) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    private readonly HttpClient _http = new(HandlerOf(key, connections, time)) { Timeout = TimeSpan.FromSeconds(BenchLimits.AskAgainSeconds) };
    private readonly string _address = address.GetLeftPart(UriPartial.Authority);

    /// <summary>Makes a call; returns the status, and the problem's code if the answer is a problem.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<(HttpStatusCode Status, string? Problem)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, body, Json, cancellationToken);
        return (response.StatusCode, response.IsSuccessStatusCode ? null : await ProblemOfAsync(response, cancellationToken));
    }

    /// <summary>Makes a call that must succeed.</summary>
    /// <exception cref="BenchException">The call failed; the message says which and why.</exception>
    public async Task EnsureAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string? problem) = await GuardAsync(() => SendAsync(method, path, body, cancellationToken));
        if ((int)status >= (int)HttpStatusCode.BadRequest)
        {
            throw new BenchException($"{method} {path} was answered {(int)status} {problem}. {AdviceOf(status)}");
        }
    }

    /// <summary>Uploads credits, one per line; all must succeed.</summary>
    /// <exception cref="BenchException">A credit failed.</exception>
    public async Task CreditAsync(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        string answers = await GuardAsync(async () =>
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/v1/credits", string.Join('\n', lines), Lines, cancellationToken);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellationToken) : $"{{\"code\":\"{await ProblemOfAsync(response, cancellationToken)}\"}}";
        });
        if (answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.Contains("\"code\"", StringComparison.Ordinal)) is { } refused)
        {
            throw new BenchException($"POST /v1/credits was answered {refused}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, _address + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = type;
        }

        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        }
        catch (SocketException failure)
        {
            // The client lets this one through, when a server is killed between taking a connection and the client's first look at it.
            throw new HttpRequestException(failure.Message, failure);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new BenchException($"{_address} does not answer: {failure.Message} Start the server, or give another --url.");
        }
    }

    private static string AdviceOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "Give the file of a key that the server knows with --key, or start the server with --unsigned.",
        HttpStatusCode.Forbidden => "The key must be of an operator of the whole nation: the load puts regions live and registers people.",
        _ => "Nothing was measured.",
    };

    private static async Task<string> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.GetProperty("code").GetString() ?? string.Empty;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return response.ReasonPhrase ?? string.Empty;
        }
    }

    private static HttpMessageHandler HandlerOf(GatewayKey? key, int connections, TimeProvider time)
    {
        SocketsHttpHandler sockets = new() { UseProxy = false, MaxConnectionsPerServer = connections, UseCookies = false };
        return key is null ? sockets : new SigningHandler(new RequestSigner(key, time), sockets);
    }
}
