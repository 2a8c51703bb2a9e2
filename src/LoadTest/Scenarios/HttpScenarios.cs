using System.Globalization;
using System.Net;
using Gongji.Silo;

namespace Gongji.LoadTest;

/// <summary>The scenarios that go through the product's own server, in a separate process.</summary>
internal sealed class HttpScenarios(BenchOptions options, ScenarioRunner runner, CpuMeter cpu, Population population, ProgressBar progress, TimeProvider time)
{
    public bool IsWanted => options.Wants(BenchNames.Http) || options.Wants(BenchNames.Batch) || options.Wants(BenchNames.Credits);

    public async Task RunAsync(SiloOptions silo, PostgresServer? server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        if (!File.Exists(ApiServer.AssemblyPath))
        {
            skip($"http, batch, credits: not run; the API is not built ({ApiServer.AssemblyPath}).");
            return;
        }

        long started = time.GetTimestamp();
        await using ApiServer api = await ApiServer.StartAsync(silo, ApiPorts.Free(), cancellationToken);
        string? ready = string.Create(CultureInfo.InvariantCulture, $"the server was ready {time.GetElapsedTime(started).TotalSeconds:F1} s after its start");
        cpu.HelperPids = [api.Pid];
        UniformPairs pairs = new(population.Count);
        using HttpLoad load = new(api.EndPoint, pairs, BenchLimits.HttpConnections, time);
        if (population.TotalCount <= BenchLimits.ActivatedPersonsMax)
        {
            await load.WarmAsync(population.TotalCount, progress.Of("asking for persons", population.TotalCount), cancellationToken);
        }

        if (options.Wants(BenchNames.Http))
        {
            await runner.RunClosedAsync("warm-up", load, BenchLimits.HttpConnections, cancellationToken);
            await (server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask);
            Add(await runner.RunClosedAsync(BenchNames.Http, load, BenchLimits.HttpConnections, cancellationToken));
        }

        if (options.Wants(BenchNames.Batch))
        {
            await RunBatchAsync(api, pairs, server, Add, skip, cancellationToken);
        }

        if (options.Wants(BenchNames.Credits))
        {
            CreditsLoad? credits = null;
            Task<ScenarioResult> RunAsync(string name) => runner.RunClosedAsync(
                name, recorder => credits = new CreditsLoad(api.EndPoint, population.Count, options.Credits, recorder, time), callers: 1, cancellationToken);
            await RunAsync("warm-up");
            await (server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask);
            ScenarioResult result = await RunAsync(BenchNames.Credits);
            Add(credits?.LastWhole is { } whole ? result with { Notes = [.. result.Notes, whole] } : result);
        }

        cpu.HelperPids = [];

        void Add(ScenarioResult result)
        {
            add(ready is null ? result : result with { Notes = [ready, .. result.Notes] });
            ready = null;
        }
    }

    private async Task RunBatchAsync(
        ApiServer api, UniformPairs pairs, PostgresServer? server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = BenchLimits.BatchConnections };
        using HttpClient client = new(handler, disposeHandler: false);
        Uri endpoint = new($"http://{api.EndPoint}/v1/batch");
        using ByteArrayContent nothing = new([]);
        nothing.Headers.ContentType = new("application/x-ndjson");
        using HttpResponseMessage probe = await client.PostAsync(endpoint, nothing, cancellationToken);
        if (probe.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            skip("batch: not built yet; POST /v1/batch is not there.");
            return;
        }

        await runner.RunClosedAsync("warm-up", recorder => new BatchLoad(client, endpoint, pairs, recorder, time), BenchLimits.BatchConnections, cancellationToken);
        await (server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask);
        add(await runner.RunClosedAsync(
            BenchNames.Batch, recorder => new BatchLoad(client, endpoint, pairs, recorder, time), BenchLimits.BatchConnections, cancellationToken));
    }
}
