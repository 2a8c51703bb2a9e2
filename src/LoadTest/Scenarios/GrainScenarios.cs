namespace Gongji.LoadTest;

/// <summary>The scenarios that go through the grains of a silo in this process.</summary>
internal sealed class GrainScenarios(BenchOptions options, ScenarioRunner runner, Population population, TimeProvider time)
{
    private static readonly string[] Names =
        [BenchNames.Uniform, BenchNames.HalfLoad, BenchNames.HotPerson, BenchNames.HotRegion, BenchNames.Zipf, BenchNames.Accept, .. Payments.Keys];

    /// <summary>
    /// Payments: the number of accounts that each takes money from, and how many are made in a second at most. Where everybody can pay once, so many people are prepared, so
    /// this is more than can be paid.
    /// </summary>
    private static Dictionary<string, (int Sources, int PayersPerSecond)> Payments => new()
    {
        [BenchNames.Payment1] = (1, 100_000),
        [BenchNames.Payment2] = (2, 55_000),
        [BenchNames.Payment4] = (4, 30_000),
    };

    public bool IsWanted => Names.Any(options.Wants);

    public async Task RunAsync(
        IGrainFactory grains, PostgresServer? server, Action<ScenarioResult> add, ProgressBar progress, CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        if (population.TotalCount <= BenchLimits.ActivatedPersonsMax)
        {
            await ActivationLoad.RunAsync(grains, population, progress.Of("activating persons", population.TotalCount), cancellationToken);
        }

        TransferLoad uniform = new(grains, new UniformPairs(population.Count), time);

        // Unmeasured, so that the first scenario is not the one that waits for the compiler.
        await runner.RunClosedAsync("warm-up", uniform, options.InFlight, cancellationToken);
        double? rate = null;
        if (options.Wants(BenchNames.Uniform) || options.Wants(BenchNames.HalfLoad))
        {
            ScenarioResult result = await ClosedAsync(BenchNames.Uniform, uniform, server, cancellationToken);
            rate = result.TransfersPerSecond;
            add(result);
        }

        if (options.Wants(BenchNames.HalfLoad) && rate > 0)
        {
            await CheckpointAsync(server, cancellationToken);
            add(await runner.RunOpenAsync(BenchNames.HalfLoad, uniform, rate.Value / 2, cancellationToken));
        }

        foreach ((string name, Func<ILoad> load) in Closed(grains))
        {
            if (options.Wants(name))
            {
                add(await ClosedAsync(name, load(), server, cancellationToken));
            }
        }

        // They are warm from their preparation, and each second of warm-up needs people of its own.
        int warmUp = Math.Min(options.WarmUpSeconds, BenchLimits.PaymentWarmUpSeconds);
        foreach ((string name, (int sources, int payersPerSecond)) in Payments.Where(payment => options.Wants(payment.Key)))
        {
            PaymentFamilies families = new(sources, payersPerSecond * (warmUp + options.Seconds));
            await families.PrepareAsync(grains, time, progress.Of($"preparing {name}", families.Payers), cancellationToken);
            await CheckpointAsync(server, cancellationToken);
            add(await runner.WithWarmUp(warmUp).RunClosedAsync(name, new PaymentLoad(grains, families, sources, time), options.InFlight, cancellationToken));
        }
    }

    private IEnumerable<(string Name, Func<ILoad> Load)> Closed(IGrainFactory grains) =>
    [
        (BenchNames.HotPerson, () => new TransferLoad(grains, new HotPersonPairs(population.Count), time)),
        (BenchNames.HotRegion, () => new TransferLoad(grains, new HotRegionPairs(population), time)),
        (BenchNames.Zipf, () => new TransferLoad(grains, new ZipfPairs(population.Count), time)),
        (BenchNames.Accept, () => new AcceptLoad(grains, population, Callers(BenchNames.Accept), time)),
    ];

    /// <summary>Each caller of <c>accept</c> needs a recipient of its own.</summary>
    private int Callers(string name) => name == BenchNames.Accept ? Math.Min(options.InFlight, population.ManualCount) : options.InFlight;

    private async Task<ScenarioResult> ClosedAsync(string name, ILoad load, PostgresServer? server, CancellationToken cancellationToken)
    {
        await CheckpointAsync(server, cancellationToken);
        return await runner.RunClosedAsync(name, load, Callers(name), cancellationToken);
    }

    private static Task CheckpointAsync(PostgresServer? server, CancellationToken cancellationToken) =>
        server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask;
}
