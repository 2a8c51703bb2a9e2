using Gongji.Grains;
using Gongji.Grains.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Silo;

/// <summary>
/// Closes each business day at the configured cut-off, by the same call that an operator makes. Every silo asks, but a day is closed once. A day whose
/// cut-off passed while nothing was running is closed when something runs again.
/// </summary>
internal sealed class DayCloser(IGrainFactory grains, SiloOptions options, LedgerClock clock, TimeProvider time, ILogger<DayCloser> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FailureRow _failures = new(time);
    private readonly FailureRow _bugs = new(time);
    private DateOnly _closed = DateOnly.MinValue;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ClearingCutOff is not { } cutOff)
        {
            return;
        }

        using PeriodicTimer timer = new(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            DateOnly day = cutOff.LastDay(clock.Now);
            if (day > _closed)
            {
                await CloseAsync(day);
            }
        }
    }

    private async Task CloseAsync(DateOnly day)
    {
        try
        {
            Reply<ClearingDayView> reply = await grains.GetGrain<IClearingGrain>(0).CloseAsync(day);
            if (reply.IsRefused)
            {
                NotClosed(day, reply.Refusal.Detail);
                return;
            }

            _closed = day;
            _failures.End();
            _bugs.End();
            logger.DayClosed(day);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            NotClosed(day, CallFailures.Describe(failure));
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // The day still has to be closed: the next round tries again, and the process goes on.
            if (_bugs.Add())
            {
                logger.DayCloserBroke(bug);
            }
        }
    }

    private void NotClosed(DateOnly day, string reason)
    {
        if (_failures.Add())
        {
            logger.DayNotClosed(day, reason);
        }
    }
}
