using System.Globalization;
using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers about clearing days.</summary>
internal sealed partial class AnswerOracle
{
    private readonly Dictionary<DateOnly, ClearingPairView[]> _closedFigures = [];

    /// <summary>A day that was asked for, or asked to be closed: closed, its figures are those of the entries, and the same for ever.</summary>
    public void EndClearingDay(Attempt attempt, DateOnly day, bool mustBeClosed, Reply<ClearingDayView> reply)
    {
        if (!IsDefinite(attempt, "clearing-day", default, reply.Code, reply.IsReplay))
        {
            return;
        }

        string name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (reply.Value is not { } view)
        {
            (long fromMs, _) = ClockDuring(attempt);
            Require(
                mustBeClosed && reply.Code == RefusalCode.WrongState && day > LedgerModel.DateOf(fromMs),
                "answer-is-allowed", $"the clearing of {name} was answered {RefusalCodes.ToText(reply.Code!.Value)}.", default);
            return;
        }

        bool wasClosed = model.Closed.Any(closed => closed.Day >= day && closed.Sequence <= attempt.Sequence);
        bool isClosed = model.Closed.Any(closed => closed.Day >= day);
        Require(view.Day == day && (!view.IsClosed || isClosed), "answered-is-durable", $"{name} is answered as closed, but is open.", default);
        Require(view.IsClosed || !(wasClosed || mustBeClosed), "answer-is-allowed", $"{name} is answered as open, but is closed.", default);
        if (!view.IsClosed)
        {
            return;
        }

        core.Coverage.Hit(CoveragePoint.ClosedDayAsked);
        if (_closedFigures.TryGetValue(day, out ClearingPairView[]? first))
        {
            Require(first.SequenceEqual(view.Pairs), "closed-day", $"the figures of {name} are not those of the answer before.", default);
        }

        _closedFigures[day] = view.Pairs;
        IReadOnlyDictionary<(int From, int To), (long Count, long AmountFen)> expected = model.PairsOf(day);
        Require(
            view.Pairs.Length == expected.Count && view.Pairs.All(pair =>
                expected.GetValueOrDefault((int.Parse(pair.From, CultureInfo.InvariantCulture), int.Parse(pair.To, CultureInfo.InvariantCulture))) == (pair.Count, pair.AmountFen)),
            "closed-day", $"the figures of {name} are not those of its entries.", default);
    }
}
