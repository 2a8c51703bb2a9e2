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

    /// <summary>Judges a settlement: done, or refused for a reason that was true at some moment of the call. What is outstanding only shrinks.</summary>
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

    public Attempt BeginTopUp(TopUpRegion command)
    {
        if (!model.TopUpsAsked.TryGetValue(command.Id, out List<TopUpRegion>? asked))
        {
            model.TopUpsAsked.Add(command.Id, asked = []);
        }

        if (!asked.Contains(command))
        {
            asked.Add(command);
        }

        return Begin();
    }

    /// <summary>Judges a top-up: durable and in force, once; or refused for a reason that was true at some moment of the call.</summary>
    public void EndTopUp(Attempt attempt, TopUpRegion command, Reply<TopUpView> reply)
    {
        if (!IsDefinite(attempt, "top-up", command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        (Entry Entry, long Sequence)? done = model.TopUpOf(command.Id);
        bool same = done?.Entry.Detail is TopUpTerms terms && terms.Region.ToString() == command.Region && terms.AmountFen == command.AmountFen;
        if (reply.Value is { } view)
        {
            Require(done is not null, "answered-is-durable", "a top-up is answered as done, but nothing is durable.", command.Id);
            Require(same, "mismatch-is-told", "a top-up is answered as done, but the id names another one.", command.Id);
            Require(view == new TopUpView(command.Id, command.Region, command.AmountFen, done?.Entry.At ?? default), "answer-is-allowed", $"the answer {view} is not {command}.", command.Id);
            Require(model.TopUpsInForce(command.Region) >= done?.Entry.Version, "answered-is-durable", "a top-up is answered as done, but no rules have it.", command.Id);
            Require(reply.IsReplay || done?.Sequence > attempt.Sequence, "replay-is-told", "answered as done just now, but it was done before the call.", command.Id);
            return;
        }

        RefusalCode code = reply.Code!.Value;
        if (code == RefusalCode.IdempotencyMismatch)
        {
            Require(done is not null && !same, "mismatch-is-told", "answered idempotency-mismatch, but the id names nothing else.", command.Id);
            return;
        }

        Require(done is not { } first || first.Sequence > attempt.Sequence, "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the id was known.", command.Id);
        ModelRegion? region = model.RegionOf(command.Region);
        bool justified = code switch
        {
            RefusalCode.NoSuchRegion => region is null || region.Rules.TrueForAll(rules => rules.AnsweredAt > attempt.BeganAt),
            RefusalCode.WrongState => region!.RulesSince(attempt.BeganAt).Any(rules => rules.NetDebitCapFen is null),
            RefusalCode.AmountOverLimit => region!.RulesSince(attempt.BeganAt).Any(rules => rules.NetDebitCapFen > Limits.BalanceFenMax - command.AmountFen),
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"a top-up was answered {RefusalCodes.ToText(code)}, which nothing justifies.", command.Id);
    }

    /// <summary>Judges a day that was read or closed. Once closed, its figures are those of the entries and never change.</summary>
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
