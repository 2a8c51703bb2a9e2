using System.Net;
using System.Text.Json.Nodes;

namespace Gongji.Chaos.Product;

/// <summary>Asks /health/ready all the time and remembers since when it says what it says.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly Deviations _deviations;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private HealthState _state;
    private long _since = TimeProvider.System.GetTimestamp();
    private long _notReadyCount;

    public HealthWatch(Uri address, Deviations deviations)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = Patience };
        _deviations = deviations;
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>What it said last, and for how long without a break.</summary>
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

    /// <summary>How often it said that it is not ready.</summary>
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

    /// <summary>Waits until it has said the same for some time; false when that did not come in time.</summary>
    public async Task<bool> WaitAsync(HealthState state, TimeSpan forAtLeast, TimeSpan within)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < within)
        {
            (HealthState now, TimeSpan time) = Now;
            if (now == state && time >= forAtLeast)
            {
                return true;
            }

            await Task.Delay(ChaosLimits.HealthEvery, TimeProvider.System);
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            HealthState state = await AskAsync(stop);
            lock (_gate)
            {
                if (state != _state)
                {
                    (_state, _since) = (state, TimeProvider.System.GetTimestamp());
                }
            }

            await Task.Delay(ChaosLimits.HealthEvery, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
