using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gongji.Api.Tests.Support;

/// <summary>A page in a real headless browser, driven through the DevTools protocol. Keeps the browser's complaints.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly TemporaryDirectory _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = [];
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _listening = Task.CompletedTask;
    private string? _session;
    private int _calls;

    private Browser(Process process, TemporaryDirectory profile)
    {
        (_process, _profile) = (process, profile);
        _process.ErrorDataReceived += (_, line) => TakeLine(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The path of the browser; null when there is none on the PATH.</summary>
    public static string? Program { get; } =
    (
        from name in new[] { "chromium", "chromium-browser", "google-chrome" }
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path
    ).FirstOrDefault();

    /// <summary>Script errors, and what the page's policy has refused.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<Browser> OpenAsync(Uri page)
    {
        TemporaryDirectory profile = new();
        ProcessStartInfo start = new(
            Program!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Browser browser = new(Process.Start(start)!, profile);
        try
        {
            await browser.GoToAsync(page).WaitAsync(Patience);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a script's condition holds, checking after each change of the page, and returns the page's visible text at that time.</summary>
    public async Task<string> UntilAsync(string isSo)
    {
        string wait = $$"""
            new Promise(done => {
              const look = () => { if ({{isSo}}) { seen.disconnect(); done(document.body.innerText); } };
              const seen = new MutationObserver(look);
              seen.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
              look();
            })
            """;
        try
        {
            return await EvaluateAsync(wait);
        }
        catch (TimeoutException)
        {
            string text = await EvaluateAsync("document.body.innerText");
            throw new InvalidOperationException($"Not so: {isSo}. {string.Join(' ', _complaints)} The page is: {text}");
        }
    }

    /// <summary>The text that a script returns, awaiting a promise.</summary>
    public async Task<string> EvaluateAsync(string script)
    {
        JsonNode answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"]?.ToString() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _listening;
        _socket.Dispose();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task GoToAsync(Uri page)
    {
        await _socket.ConnectAsync(await _address.Task, CancellationToken.None);
        _listening = ListenAsync();
        JsonNode target = await CallAsync("Target.createTarget", new() { ["url"] = "about:blank" });
        _session = (string?)(await CallAsync("Target.attachToTarget", new() { ["targetId"] = (string?)target["targetId"], ["flatten"] = true }))["sessionId"];
        await CallAsync("Runtime.enable", []);
        await CallAsync("Log.enable", []);
        await CallAsync("Page.enable", []);
        await CallAsync("Page.navigate", new() { ["url"] = page.AbsoluteUri });
        await _isRead.Task;
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        int id = Interlocked.Increment(ref _calls);
        TaskCompletionSource<JsonNode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        JsonObject call = new() { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await answer.Task.WaitAsync(Patience);
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[65_536];
        using MemoryStream message = new();
        try
        {
            while (await _socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (WebSocketException)
        {
            // The browser has ended. Code that waits for it reports that when its patience is over.
        }
    }

    private void TakeLine(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException("The browser ended."));
        }
        else if (DevToolsAddress().Match(line) is { Success: true } address)
        {
            _address.TrySetResult(new Uri(address.Value));
        }
    }

    private void Take(JsonNode message)
    {
        if ((int?)message["id"] is { } id)
        {
            _asked[id].TrySetResult(message["result"] ?? message["error"]!);
        }
        else if ((string?)message["method"] is "Runtime.exceptionThrown" or "Log.entryAdded")
        {
            _complaints.Enqueue(message["params"]!.ToJsonString());
        }
        else if ((string?)message["method"] is "Page.domContentEventFired")
        {
            _isRead.TrySetResult();
        }
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex DevToolsAddress();
}
