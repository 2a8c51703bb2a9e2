using Gongji.Grains;

namespace Gongji.LoadTest;

/// <summary>Activates every person once, so that later measurements see a warm silo.</summary>
internal static class ActivationLoad
{
    private const int AtOnce = 512;

    public static Task RunAsync(IGrainFactory grains, Population population, IProgress<int> progress, CancellationToken cancellationToken)
    {
        int done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        return Parallel.ForAsync(0, population.TotalCount, options, async (person, _) =>
        {
            await grains.GetGrain<IInsuredPersonGrain>(Population.NameOf(person)).GetStandingAsync();
            progress.Report(Interlocked.Increment(ref done));
        });
    }
}
