namespace Gongji.LoadTest;

/// <summary>The scenarios that go through the grains of a silo in this process.</summary>
internal sealed class GrainScenarios(BenchOptions options, ScenarioRunner runner, Population population, ProgressBar progress, TimeProvider time)
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

    /// <summary>Those that are measured in rounds, since figures of some are compared with those of others.</summary>
    public IEnumerable<RoundScenario> Rounds(IGrainFactory grains)
    {
        // The rate of half load is half of uniform's.
        if (options.Wants(BenchNames.Uniform) || options.Wants(BenchNames.HalfLoad))
        {
            yield return new RoundScenario(BenchNames.Uniform, Uniform(grains), options.InFlight);
        }

        if (options.Wants(BenchNames.HotPerson))
        {
            yield return new RoundScenario(BenchNames.HotPerson, new TransferLoad(grains, new HotPersonPairs(population.Count), time), options.InFlight);
        }

        if (options.Wants(BenchNames.HotRegion))
        {
            yield return new RoundScenario(BenchNames.HotRegion, new TransferLoad(grains, new HotRegionPairs(population), time), options.InFlight);
        }

        if (options.Wants(BenchNames.Zipf))
        {
            yield return new RoundScenario(BenchNames.Zipf, new TransferLoad(grains, new ZipfPairs(population.Count), time), options.InFlight);
        }

        if (options.Wants(BenchNames.Accept))
        {
            // Each caller needs a recipient of its own.
            int callers = Math.Min(options.InFlight, population.ManualCount);
            yield return new RoundScenario(BenchNames.Accept, new AcceptLoad(grains, population, callers, time), callers);
        }
    }

    /// <summary>Unmeasured, so that the first scenario is not the one that waits for the compiler.</summary>
    public async Task WarmUpAsync(IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (IsWanted)
        {
            if (population.TotalCount <= BenchLimits.ActivatedPersonsMax)
            {
                await ActivationLoad.RunAsync(grains, population, progress.Of("activating persons", population.TotalCount), cancellationToken);
            }

            await runner.RunClosedAsync("warm-up", Uniform(grains), options.InFlight, cancellationToken);
        }
    }

    /// <summary>The others, one after the other.</summary>
    /// <param name="grains">Of the silo.</param>
    /// <param name="uniformPerSecond">What uniform did; null when it was not run.</param>
    /// <param name="checkpoint">Gives the store what it has put off.</param>
    /// <param name="add">Takes each result.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(IGrainFactory grains, double? uniformPerSecond, Func<Task> checkpoint, Action<ScenarioResult> add, CancellationToken cancellationToken)
    {
        if (options.Wants(BenchNames.HalfLoad) && uniformPerSecond > 0)
        {
            await checkpoint();
            add(await runner.RunOpenAsync(BenchNames.HalfLoad, Uniform(grains), uniformPerSecond.Value / 2, cancellationToken));
        }

        // They are warm from their preparation, and each second of warm-up needs people of its own.
        int warmUp = Math.Min(options.WarmUpSeconds, BenchLimits.PaymentWarmUpSeconds);
        foreach ((string name, (int sources, int payersPerSecond)) in Payments.Where(payment => options.Wants(payment.Key)))
        {
            PaymentFamilies families = new(sources, payersPerSecond * (warmUp + options.Seconds));
            await families.PrepareAsync(grains, time, progress.Of($"preparing {name}", families.Payers), cancellationToken);
            await checkpoint();
            add(await runner.WithWarmUp(warmUp).RunClosedAsync(name, new PaymentLoad(grains, families, sources, time), options.InFlight, cancellationToken));
        }
    }

    private TransferLoad Uniform(IGrainFactory grains) => new(grains, new UniformPairs(population.Count), time);
}
