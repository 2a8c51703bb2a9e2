using Gongji.Grains;
using Gongji.Grains.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Silo;

/// <summary>
/// Closes each business day at the cut-off that is set, by the same call that an operator makes. Every silo asks: a day is closed once, and one whose
/// cut-off passed while nothing ran is closed when something runs again.
/// </summary>
internal sealed class DayCloser(IGrainFactory grains, SiloOptions options, LedgerClock clock, TimeProvider time, ILogger<DayCloser> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
                logger.DayNotClosed(day, reply.Refusal.Detail);
                return;
            }

            _closed = day;
            logger.DayClosed(day);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            logger.DayNotClosed(day, CallFailures.Describe(failure));
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // The day is still to be closed: the next round tries again, and the process goes on.
            logger.DayCloserBroke(bug);
        }
    }
}
