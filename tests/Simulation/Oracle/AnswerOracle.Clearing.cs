using System.Globalization;
using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers about clearing days.</summary>
internal sealed partial class AnswerOracle
{
    private readonly Dictionary<DateOnly, ClearingPairView[]> _closedFigures = [];

    public Attempt BeginSettlement(SettleDay command)
    {
        model.SettlementsAsked[command.Id] = command;
        return Begin();
    }

    /// <summary>A settlement: done, or refused for a reason that was true at some moment of the call. What is outstanding only gets less.</summary>
    public void EndSettlement(Attempt attempt, SettleDay command, Reply<SettlementView> reply)
    {
        if (!IsDefinite(attempt, "settle", command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        (Entry Entry, long Sequence)? done = model.SettlementOf(command.Id);
        if (reply.Value is { } view)
        {
            Require(done is not null, "answered-is-durable", "a settlement is answered as done, but nothing is durable.", command.Id);
            Require(
                view == new SettlementView(command.Id, command.Day, command.From, command.To, command.AmountFen, done?.Entry.At ?? default),
                "answer-is-allowed", $"the answer {view} is not {command}.", command.Id);
            Require(reply.IsReplay || done?.Sequence > attempt.Sequence, "replay-is-told", "answered as done just now, but it was done before the call.", command.Id);
            return;
        }

        RefusalCode code = reply.Code!.Value;
        Require(done is not { } first || first.Sequence > attempt.Sequence, "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the id was known.", command.Id);
        (int from, int to) = (int.Parse(command.From, CultureInfo.InvariantCulture), int.Parse(command.To, CultureInfo.InvariantCulture));
        long leftFen = model.OutstandingFen(command.Day, from, to);
        bool justified = code switch
        {
            RefusalCode.WrongState => !model.Closed.Any(closed => closed.Day >= command.Day && closed.Sequence <= attempt.Sequence),
            RefusalCode.ClearingClosed => leftFen == 0,
            RefusalCode.AmountOverLimit => leftFen < command.AmountFen,
            RefusalCode.RegionCapReached => model.RegionOf(to)!.RulesSince(attempt.BeganAt).Any(rules => rules.NetDebitCapFen is not null),
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"a settlement was answered {RefusalCodes.ToText(code)}, {leftFen} fen are left.", command.Id);
    }

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
