using Gongji.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Silo;

/// <summary>
/// Keeps asking the cluster's sweeper grain to return what is due at 06:00 and to resume what was interrupted. Every silo asks, so
/// sweeping continues as long as one of them lives.
/// </summary>
public sealed class HoldSweeper(IGrainFactory grains, Readiness readiness, TimeProvider time, ILogger<HoldSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FailureRow _failures = new(time);
    private readonly FailureRow _bugs = new(time);

    /// <summary>Sweeps until one whole round has found everything that is due now.</summary>
    public async Task SweepNowAsync(CancellationToken cancellationToken)
    {
        // The round under way may already have passed what has only just become due: finish it, then make a whole one.
        await SweepRoundAsync(cancellationToken);
        await SweepRoundAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepRoundAsync(stoppingToken);
                readiness.SweepEnded();
                _bugs.End();
                if (_failures.End())
                {
                    logger.SweepsGoOn();
                }
            }
            catch (Exception failure) when (CallFailures.IsFailure(failure))
            {
                readiness.SweepFailed(failure);
                if (_failures.Add())
                {
                    logger.SweepFailed(CallFailures.Describe(failure));
                }
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                // Money is due back tomorrow too: a bug in one round must end neither the sweeping nor the process.
                if (_bugs.Add())
                {
                    logger.SweepBroke(bug);
                }
            }
        }
    }

    private async Task SweepRoundAsync(CancellationToken cancellationToken)
    {
        IHoldSweeperGrain sweeper = grains.GetGrain<IHoldSweeperGrain>(0);
        while (await sweeper.SweepAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
