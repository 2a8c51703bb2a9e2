using Gongji.Chaos.Load;
using Gongji.Chaos.Product;

namespace Gongji.Chaos.Faults;

/// <summary>What a fault works on.</summary>
internal sealed record FaultContext(Site Site, LoadRun Load, Caller Caller, HealthWatch Health, Deviations Deviations, Random Random)
{
    /// <summary>Waits some time between two bounds.</summary>
    public Task WaitAsync(int fromMs, int toMs) => Task.Delay(TimeSpan.FromMilliseconds(Random.Next(fromMs, toMs)), TimeProvider.System);

    /// <summary>While the store is unavailable, the product must notice, keep saying so, and stay alive.</summary>
    public async Task ExpectNotReadyAsync()
    {
        if (!await Health.WaitAsync(HealthState.NotReady, ChaosLimits.NotReadyFor, ChaosLimits.NoticeWithin))
        {
            (HealthState state, TimeSpan time) = Health.Now;
            Deviations.Add($"The store was away for {ChaosLimits.NoticeWithin.TotalSeconds} s under load, but /health/ready never was steadily not ready for {ChaosLimits.NotReadyFor.TotalSeconds} s: not ready {Health.NotReadyCount} times, {state} for the last {time.TotalMilliseconds:0} ms");
        }

        if (!await Health.IsLiveAsync())
        {
            Deviations.Add($"/health/live did not answer 200 while the store was away");
        }
    }
}
