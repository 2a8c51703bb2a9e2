namespace Gongji.LoadTest;

/// <summary>The scenarios that go through the grains of a silo in this process.</summary>
internal sealed class GrainScenarios(BenchOptions options, ScenarioRunner runner, Population population, ProgressBar progress, TimeProvider time)
{
    private static readonly string[] Names =
        [BenchNames.Uniform, BenchNames.HalfLoad, BenchNames.HotPerson, BenchNames.HotRegion, BenchNames.Zipf, BenchNames.Accept, .. Payments.Keys];

    /// <summary>
    /// The payment scenarios: the number of accounts that each payment takes money from, and an upper bound for payments a second. Where everybody can pay only once, that many
    /// people are prepared for each second, so the bound must exceed what the product can do.
    /// </summary>
    private static Dictionary<string, (int Sources, int PayersPerSecond)> Payments => new()
    {
        [BenchNames.Payment1] = (1, 100_000),
        [BenchNames.Payment2] = (2, 55_000),
        [BenchNames.Payment4] = (4, 30_000),
    };

    public bool IsWanted => Names.Any(options.Wants);

    /// <summary>The scenarios that are measured in rounds, because their figures are compared with each other.</summary>
    public IEnumerable<RoundScenario> Rounds(IGrainFactory grains)
    {
        // Half load needs uniform's figure: its rate is half of it.
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
            // Each caller needs its own recipient.
            int callers = Math.Min(options.InFlight, population.ManualCount);
            yield return new RoundScenario(BenchNames.Accept, new AcceptLoad(grains, population, callers, time), callers);
        }
    }

    /// <summary>Runs an unmeasured load, so that the first scenario is not slowed down by the compiler.</summary>
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

    /// <summary>Runs the other scenarios, one after the other.</summary>
    /// <param name="grains">The grains of the silo.</param>
    /// <param name="uniformPerSecond">The throughput of uniform; null when it was not run.</param>
    /// <param name="checkpoint">Makes the store write what it has deferred.</param>
    /// <param name="add">Receives each result.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task RunAsync(IGrainFactory grains, double? uniformPerSecond, Func<Task> checkpoint, Action<ScenarioResult> add, CancellationToken cancellationToken)
    {
        if (options.Wants(BenchNames.HalfLoad) && uniformPerSecond > 0)
        {
            await checkpoint();
            add(await runner.RunOpenAsync(BenchNames.HalfLoad, Uniform(grains), uniformPerSecond.Value / 2, cancellationToken));
        }

        // The preparation has warmed them up, and each second of warm-up uses up people.
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
