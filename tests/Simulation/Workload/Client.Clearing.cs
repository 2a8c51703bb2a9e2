using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Oracle;

namespace Gongji.Simulation.Workload;

/// <summary>The clearing.</summary>
internal sealed partial class Client
{
    /// <summary>Closes today, yesterday or tomorrow, the last of which is refused; then reads a day that may have been closed long ago.</summary>
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

    /// <summary>Pays all or a part of what a region owes for a closed day; sometimes too much, or for today, which may be open.</summary>
    public Task SettleAsync()
    {
        LedgerModel model = _oracle.Model;
        DateOnly day = model.Closed.Count == 0 || _prng.Chance(0.05) ? BusinessTime.DayOf(_core.Business.Now) : _prng.Pick(model.Closed).Day;
        (int From, int To)[] pairs = [.. model.PairsOf(day).Keys.Order()];
        if (pairs.Length == 0)
        {
            return Task.CompletedTask;
        }

        (int from, int to) = _prng.Pick(pairs);
        long leftFen = model.OutstandingFen(day, from, to);
        long amountFen = Math.Max(1, _prng.Pick<long>([leftFen, leftFen, leftFen / 2, leftFen / 3, leftFen + 1]));
        SettleDay command = new(_world.NewId(), day, CodeOf(from), CodeOf(to), amountFen);
        return GiveAsync(command.Id, () =>
        {
            Attempt attempt = _oracle.BeginSettlement(command);
            return CallAsync(attempt, ClearingGrain.SettleAsync(command), reply => _oracle.EndSettlement(attempt, command, reply));
        });
    }

    /// <summary>Raises a prepayment; sometimes again under the same id, with the same or another amount.</summary>
    public Task TopUpAsync()
    {
        TopUpRegion command = new(_world.NewId(), _prng.Chance(0.03) ? World.UnknownRegion : World.PickRegion(_prng), _world.Round(_prng.Between(1, 20_000L)));
        if (_world.TopUps.Count > 0 && _prng.Chance(0.15))
        {
            command = _prng.Pick(_world.TopUps);
            command = _prng.Chance(0.7) ? command : command with { AmountFen = command.AmountFen + 1 };
        }

        _world.Remember(_world.TopUps, command);
        return GiveAsync(command.Id, () =>
        {
            Attempt attempt = _oracle.BeginTopUp(command);
            return CallAsync(attempt, ClearingGrain.TopUpAsync(command), reply => _oracle.EndTopUp(attempt, command, reply));
        });
    }

    private IClearingGrain ClearingGrain => _grains.GetGrain<IClearingGrain>(0);
}
