using System.Diagnostics.Metrics;
using Gongji.Grains;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>Metrics of whether the silo takes work, and of what its sweeper does: meter <c>Gongji.Silo</c>.</summary>
internal sealed class SiloMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter = new(GongjiSilo.MeterName);

    public SiloMetrics(Readiness readiness, SweepCounts swept)
    {
        _meter.CreateObservableGauge("gongji.ready", () => readiness.Why is null ? 1 : 0, null, "1 while the process takes commands, as /health/ready says; 0 while not.");
        _meter.CreateObservableGauge(
            "gongji.journal.healthy", () => readiness.HasStore ? 1 : 0, null, "1 while commits come through, 0 while not, or while the store cannot be reached.");
        _meter.CreateObservableGauge(
            "gongji.sweeper.round.age", () => readiness.SinceSweep.TotalSeconds, "s", "Since a round of the sweeper ended well; before the first, since the process began.");
        _meter.CreateObservableCounter("gongji.sweeper.found", () => swept.FoundOperations, "{operation}", "Operations found due or interrupted; each time it is found.");
        _meter.CreateObservableCounter("gongji.sweeper.ended", () => swept.EndedTransfers, "{transfer}", "Transfers that the sweeper took to their end.");
        _meter.CreateObservableCounter("gongji.sweeper.returned", () => swept.ReturnedTransfers, "{transfer}", "Of these, the ones that went back to their giver.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
