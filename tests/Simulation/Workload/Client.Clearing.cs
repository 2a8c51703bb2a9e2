using Gongji.Grains;
using Gongji.Ledger;
using Gongji.Simulation.Oracle;

namespace Gongji.Simulation.Workload;

/// <summary>The clearing.</summary>
internal sealed partial class Client
{
    /// <summary>Closes today, yesterday, or tomorrow, which is refused; then looks at a day that may long be closed.</summary>
    public async Task CloseDayAsync()
    {
        DateOnly today = BusinessTime.DayOf(_core.Business.Now);
        DateOnly day = today.AddDays(_prng.Pick<int>([0, 0, -1, -1, -1, -2, 2]));
        await GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin();
            return CallAsync(attempt, ClearingGrain.CloseAsync(day), reply => _oracle.EndClearingDay(attempt, day, mustBeClosed: true, reply));
        });
        await AskClearingDayAsync(today.AddDays(-_prng.Next(4)));
    }

    public Task AskClearingDayAsync(DateOnly day) => GiveAsync(Guid.Empty, () =>
    {
        Attempt attempt = _oracle.Begin();
        return CallAsync(attempt, ClearingGrain.GetDayAsync(day), reply => _oracle.EndClearingDay(attempt, day, mustBeClosed: false, reply));
    });

    private IClearingGrain ClearingGrain => _grains.GetGrain<IClearingGrain>(0);
}
