using System.Text.Json.Nodes;
using Gongji.Client;

namespace Gongji.Api.Tests.Support;

/// <summary>Reads server-sent events, like a browser's EventSource or a gateway.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpClient http, HttpResponseMessage response, StreamReader lines) => (_http, _response, _lines) = (http, response, lines);

    /// <summary>The id received last, with or without an event: the cursor to continue after.</summary>
    public string? LastId { get; private set; }

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<EventReader> OpenAsync(Uri address, string query = "", string? lastEventId = null, GatewayKey? key = null)
    {
        HttpMessageHandler handler = new SocketsHttpHandler { UseProxy = false };
        HttpClient http = new(key is null ? handler : new SigningHandler(new RequestSigner(key, TimeProvider.System), handler)) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/events{query}");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        return new EventReader(http, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event.</summary>
    public async Task<ReadEvent> NextAsync()
    {
        JsonNode? data = null;
        while (true)
        {
            string line = await _lines.ReadLineAsync() ?? throw new InvalidOperationException("The stream of events ended.");
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = JsonNode.Parse(line[6..]);
                ApiDescription.CheckAnswer("listenToEvents", line[6..]);
            }
            else if (line.Length == 0 && data is not null)
            {
                return new ReadEvent(LastId!, (string)data["person"]!, (long)data["version"]!, data);
            }
        }
    }

    /// <summary>Reads a number of events.</summary>
    public async Task<List<ReadEvent>> TakeAsync(int count)
    {
        List<ReadEvent> events = new(count);
        while (events.Count < count)
        {
            events.Add(await NextAsync());
        }

        return events;
    }

    /// <summary>Reads events up to the first one that matches.</summary>
    public async Task<List<ReadEvent>> UntilAsync(Func<ReadEvent, bool> last)
    {
        List<ReadEvent> events = [];
        do
        {
            events.Add(await NextAsync());
        }
        while (!last(events[^1]));

        return events;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One event.</summary>
internal sealed record ReadEvent(string Cursor, string Person, long Version, JsonNode Json);
