using System.Globalization;
using Gongji.Ledger;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.LoadTest;

/// <summary>
/// 06:00: transfers that nobody accepted go back to their givers while the day's transfers begin. It has its own silo, whose clock starts just before that hour. The row is the
/// daytime traffic, at a steady rate, from 06:00 until the last hold is back; its note says how long that took.
/// </summary>
internal sealed class ReturnScenario(BenchOptions options, CpuMeter cpu, Population population, ProgressBar progress, TimeProvider time)
{
    private static readonly TimeSpan LeadTime = TimeSpan.FromSeconds(20);

    public bool IsWanted => options.Wants(BenchNames.Return);

    public async Task RunAsync(SiloOptions silo, PostgresServer? server, Action<ScenarioResult> add, CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        // The day after tomorrow, so that everything earlier scenarios wrote precedes tomorrow's holds.
        DateTimeOffset six = new(BusinessTime.ToLocal(time.GetUtcNow()).Date.AddDays(2).AddHours(6), BusinessTime.Offset);
        using ILoggerFactory loggers = LoggerFactory.Create(BenchSilo.AddLogging);
        await using (ILedgerStore store = GongjiSilo.OpenStore(silo, time, loggers))
        {
            await new DueHolds(store, options.Holds, population).PrepareAsync(
                six.AddHours(-18), progress.Of("preparing holds", options.Holds), cancellationToken);
        }

        await (server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask);

        long started = time.GetTimestamp();
        await using BenchSilo host = await BenchSilo.StartAsync(silo with { ClockStart = six - LeadTime }, cancellationToken);
        await RegionSetup.RunAsync(host.Grains);
        Recorder recorder = new(time, countsByStart: true);
        OpenLoop daytime = new(new TransferLoad(host.Grains, new UniformPairs(population.Count), time), BenchLimits.DaytimePerSecond, recorder, time);
        TimeSpan left = LeadTime - time.GetElapsedTime(started);
        if (left < TimeSpan.Zero)
        {
            throw new BenchException($"The silo took longer than {LeadTime.TotalSeconds} s to start: it was 06:00 before it was ready.");
        }

        // Like every scenario, it is measured only after the silo has run for a while.
        recorder.Start();
        daytime.Start();
        await Task.Delay(left, time, cancellationToken);

        long sixAt = time.GetTimestamp();
        GcReading before = GcReading.Now();
        cpu.Start();
        recorder.Begin();
        while ((await host.Store.FindUnfinishedAsync(six, DateTimeOffset.MinValue, Guid.Empty, 1, cancellationToken)).Count > 0)
        {
            // Sampled seldom, so that checking for the end is not a load of its own.
            await Task.Delay(TimeSpan.FromMilliseconds(2 * BenchLimits.SampleMs), time, cancellationToken);
            SeriesPoint point = recorder.Sample();
            progress.Show(BenchNames.Return, 0, string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(sixAt).TotalSeconds,6:F0} s   daytime p99 {point.P99Ms,7:F1} ms"));
        }

        double seconds = time.GetElapsedTime(sixAt).TotalSeconds;
        recorder.End();
        CoresUsed cores = cpu.Stop();
        string collected = (GcReading.Now() - before).In(recorder.Window);
        await daytime.StopAsync();
        progress.Clear();
        string returned = string.Create(
            CultureInfo.InvariantCulture, $"{options.Holds:N0} holds were back {seconds:F1} s after 06:00, {options.Holds / seconds:N0}/s; the row is the transfers beside them");
        add(ScenarioResult.Of(BenchNames.Return, new Measured(recorder, cores)) with { Notes = options.IsVerbose ? [returned, collected] : [returned] });
    }
}
