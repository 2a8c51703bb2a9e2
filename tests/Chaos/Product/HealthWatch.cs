using System.Net;
using System.Text.Json.Nodes;

namespace Gongji.Chaos.Product;

/// <summary>Polls /health/ready continuously, and remembers since when the answer has been the same.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly Deviations _deviations;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private readonly Signal _asked = new();
    private HealthState _state;
    private long _since = TimeProvider.System.GetTimestamp();
    private long _notReadyCount;

    public HealthWatch(Uri address, Deviations deviations)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = Patience };
        _deviations = deviations;
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>The last state, and for how long it has been the same.</summary>
    public (HealthState State, TimeSpan For) Now
    {
        get
        {
            lock (_gate)
            {
                return (_state, TimeProvider.System.GetElapsedTime(_since));
            }
        }
    }

    /// <summary>How often the product said that it is not ready.</summary>
    public long NotReadyCount => Interlocked.Read(ref _notReadyCount);

    /// <summary>Whether /health/live answers, as it must while the process lives.</summary>
    public async Task<bool> IsLiveAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("/health/live");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits until the state has been the same for some time; false when that did not happen in time.</summary>
    public Task<bool> WaitAsync(HealthState state, TimeSpan forAtLeast, TimeSpan within) =>
        _asked.WaitUntilAsync(() => Now is var (now, time) && now == state && time >= forAtLeast, within);

    /// <summary>Waits until a state holds together with another condition, which is checked at each poll; false when that did not happen in time.</summary>
    public Task<bool> WaitAsync(HealthState state, Func<bool> also, TimeSpan within) =>
        _asked.WaitUntilAsync(() => Now.State == state && also(), within);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        using PeriodicTimer ticks = new(ChaosLimits.HealthEvery, TimeProvider.System);
        try
        {
            do
            {
                HealthState state = await AskAsync(stop);
                lock (_gate)
                {
                    if (state != _state)
                    {
                        (_state, _since) = (state, TimeProvider.System.GetTimestamp());
                    }
                }

                _asked.Raise();
            }
            while (await ticks.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The watch was stopped.
        }
    }

    private async Task<HealthState> AskAsync(CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("/health/ready", stop);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return HealthState.Ready;
            }

            string text = await response.Content.ReadAsStringAsync(stop);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || response.Headers.RetryAfter is null || (string?)JsonNode.Parse(text)?["code"] != "ledger-unavailable")
            {
                _deviations.Add($"/health/ready said {(int)response.StatusCode}: {text}");
            }

            Interlocked.Increment(ref _notReadyCount);
            return HealthState.NotReady;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return HealthState.Silent;
        }
    }
}
