using System.Runtime.CompilerServices;
using Gongji.Grains.Messages;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>
/// Judges every answer: at some moment between the call and the answer, the durable ledger must justify it. What is answered as done must be durable
/// by then. This part has what all kinds of commands share: how attempts begin and end.
/// </summary>
internal sealed partial class AnswerOracle(SimulationCore core, LedgerModel model, bool mayRefuseWithoutFault)
{
    private static readonly long ErrorMs = (long)BusinessClock.ErrorMax.TotalMilliseconds;

    /// <summary>Whether all faults ended long ago and nothing is in flight.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether every command must get a definite answer: the run has no faults, or no fault can have an effect any more.</summary>
    private bool MustBeDefinite => IsQuiet || (!core.Faults.CanFail && !mayRefuseWithoutFault);

    public LedgerModel Model => model;

    /// <summary>The number of answers judged.</summary>
    public long Answers { get; private set; }

    public Attempt BeginTransfer(CreateTransfer command)
    {
        CommandRecord record = model.RecordOf(command.Id);
        Attempt attempt = Begin(record, command.Payer, command.Payee);
        if (!record.Transfers.Exists(asked => asked.Command == command))
        {
            record.Transfers.Add(new AskedTransfer(command, attempt));
        }

        return attempt;
    }

    public Attempt BeginCredit(string person, CreditPerson command)
    {
        CommandRecord record = model.RecordOf(command.Id);
        Attempt attempt = Begin(record, person, null);
        if (!record.Credits.Exists(asked => asked.Person == person && asked.Command == command))
        {
            record.Credits.Add(new AskedCredit(person, command, attempt));
        }

        return attempt;
    }

    public Attempt BeginEnd(EndTransfer command, string payee)
    {
        CommandRecord record = model.RecordOf(command.Id);
        switch (command.Action)
        {
            case TransferAction.Accept:
                record.AcceptAsked = true;
                break;
            case TransferAction.Reject:
                record.RejectAsked = true;
                break;
            default:
                record.CancelAsked = true;
                break;
        }

        return Begin(null, payee, null);
    }

    /// <summary>Begins a call that has no id of its own.</summary>
    public Attempt Begin(string person) => Begin(null, person, null);

    /// <summary>Begins a call that concerns no person.</summary>
    public Attempt Begin() => Begin(null, null, null);

    /// <summary>Ends a call that got no answer: it may have been done, or may still be done.</summary>
    public void EndWithoutAnswer(Attempt attempt, Exception failure)
    {
        core.Coverage.Hit(failure is TimeoutException ? CoveragePoint.CallTimedOut : CoveragePoint.CallFailed);
        core.Trace.Add("no-answer", failure.GetType().Name, attempt.Record?.Id ?? default);
        core.Trace.Note("no-answer", failure.GetType().Name, attempt.Record?.Id ?? default, () => failure.Message);
        Close(attempt, mayStillHappen: true);
        if (MustBeDefinite)
        {
            core.Fail("answered", $"{Calm} a call failed: {failure.Message}", attempt.Record?.Id ?? default);
        }
    }

    private string Calm => IsQuiet ? "when all faults had ended" : "without any fault";

    private Attempt Begin(CommandRecord? record, string? payer, string? payee)
    {
        if (record is not null)
        {
            record.Open++;
            record.SurelyNotDone = false;
        }

        return new Attempt
        {
            Record = record,
            Sequence = model.Sequence,
            BeganAt = core.Time.Now,
            BusinessMs = core.Business.Now.ToUnixTimeMilliseconds(),
            Contentions = core.Coverage[CoveragePoint.AccountContended],
            PayerFrom = payer is null ? 0 : model.AccountOf(payer).Observed,
            PayeeFrom = payee is null ? 0 : model.AccountOf(payee).Observed,
        };
    }

    private static void Close(Attempt attempt, bool mayStillHappen)
    {
        if (attempt.Record is { } record)
        {
            record.Open--;
            record.MayStillHappen |= mayStillHappen;
        }
    }

    /// <summary>Receives an answer: counts it, and handles ledger-unavailable and outcome-unknown, which decide nothing. Returns true when there is more to judge.</summary>
    private bool IsDefinite(Attempt attempt, string what, Guid operation, RefusalCode? code, bool isReplay, bool mayWait = false)
    {
        Answers++;
        core.Trace.Add("answer", what, operation, code is { } refused ? (long)refused : 0, isReplay ? 1 : 0);
        bool definite = code is not (RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown);
        Close(attempt, code == RefusalCode.OutcomeUnknown);
        if (code is { } known)
        {
            core.Coverage.Hit(PointOf(known));
        }
        else if (isReplay)
        {
            core.Coverage.Hit(CoveragePoint.AnsweredReplay);
        }

        CountCrossing(attempt);
        if (definite)
        {
            return true;
        }

        // Without a fault too, a command is given up that others' failures on its account have taken along as often as it may be decided.
        bool isContended = !IsQuiet && core.Coverage[CoveragePoint.AccountContended] > attempt.Contentions;
        if (MustBeDefinite && !isContended && !(mayWait && code == RefusalCode.OutcomeUnknown))
        {
            core.Fail("answered", $"{Calm} {what} was answered {RefusalCodes.ToText(code!.Value)}.", operation);
        }

        if (code == RefusalCode.LedgerUnavailable && attempt.Record is { Open: 0, MayStillHappen: false } record && core.Faults.RequestDoubled == 0)
        {
            bool done = model.IsDone(record.Id);
            record.SurelyNotDone = !done;
            if (record is { DoneOnce: false } && done && DoneSince(record.Id, attempt.Sequence))
            {
                core.Fail("unavailable-means-undecided", $"{what} was answered ledger-unavailable, but it was done by this call.", operation);
            }
        }

        return false;
    }

    private bool DoneSince(Guid id, long sequence) => model.DoneAt(id) > sequence;

    private void CountCrossing(Attempt attempt)
    {
        long now = core.Business.Now.ToUnixTimeMilliseconds();
        int before = ModelTime.MinuteOf(attempt.BusinessMs);
        int after = ModelTime.MinuteOf(now);
        if (now == attempt.BusinessMs)
        {
            return;
        }

        if (before is >= 6 * 60 and < 22 * 60 && after is >= 22 * 60 or < 6 * 60)
        {
            core.Coverage.Hit(CoveragePoint.CommandAcrossNight);
        }
        else if (before is < 6 * 60 or >= 22 * 60 && after is >= 6 * 60 and < 22 * 60)
        {
            core.Coverage.Hit(CoveragePoint.CommandAcrossMorning);
        }
    }

    /// <summary>The range of times that any silo's clock may have shown during the call.</summary>
    private (long FromMs, long UntilMs) ClockDuring(Attempt attempt) =>
        (attempt.BusinessMs - ErrorMs, core.Business.Now.ToUnixTimeMilliseconds() + ErrorMs);

    /// <summary>Records that an answer has revealed a transfer's legs.</summary>
    private void Observe(ModelTransfer transfer, bool answered)
    {
        ModelAccount payer = model.AccountOf(transfer.Hold.Account);
        payer.Observe(transfer.Hold);
        if (answered)
        {
            model.AccountOf(transfer.Terms.Payee).Observe(transfer.Answer);
            payer.Observe(transfer.Outcome);
        }
    }

    /// <summary>Reports a violation unless a condition holds; the text is built only then.</summary>
    private void Require(
        bool holds,
        string invariant,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref ViolationText text,
        Guid operation,
        params ReadOnlySpan<string> accounts)
    {
        if (!holds)
        {
            core.Fail(invariant, text.ToString(), operation, accounts.ToArray());
        }
    }

    private void Require(bool holds, string invariant, string text, Guid operation, params ReadOnlySpan<string> accounts)
    {
        if (!holds)
        {
            core.Fail(invariant, text, operation, accounts.ToArray());
        }
    }

    private static CoveragePoint PointOf(RefusalCode code) => code switch
    {
        RefusalCode.NoSuchPerson => CoveragePoint.RefusedNoSuchPerson,
        RefusalCode.AlreadyInsuredElsewhere => CoveragePoint.RefusedAlreadyInsuredElsewhere,
        RefusalCode.NoSuchRegion => CoveragePoint.RefusedNoSuchRegion,
        RefusalCode.NoSuchTransfer => CoveragePoint.RefusedNoSuchTransfer,
        RefusalCode.OutsideScope => CoveragePoint.RefusedOutsideScope,
        RefusalCode.IdempotencyMismatch => CoveragePoint.RefusedIdempotencyMismatch,
        RefusalCode.WrongState => CoveragePoint.RefusedWrongState,
        RefusalCode.InsufficientFunds => CoveragePoint.RefusedInsufficientFunds,
        RefusalCode.AmountOverLimit => CoveragePoint.RefusedAmountOverLimit,
        RefusalCode.DailyCountExceeded => CoveragePoint.RefusedDailyCountExceeded,
        RefusalCode.OutsideHours => CoveragePoint.RefusedOutsideHours,
        RefusalCode.KinshipNotAllowed => CoveragePoint.RefusedKinshipNotAllowed,
        RefusalCode.WalletNotOpen => CoveragePoint.RefusedWalletNotOpen,
        RefusalCode.PreviousTransferWaiting => CoveragePoint.RefusedPreviousTransferWaiting,
        RefusalCode.RegionNotLive => CoveragePoint.RefusedRegionNotLive,
        RefusalCode.RegionCapReached => CoveragePoint.RefusedRegionCapReached,
        RefusalCode.NotInsured => CoveragePoint.RefusedNotInsured,
        RefusalCode.SamePerson => CoveragePoint.RefusedSamePerson,
        RefusalCode.NoRelation => CoveragePoint.RefusedNoRelation,
        RefusalCode.RefundOverPayment => CoveragePoint.RefusedRefundOverPayment,
        RefusalCode.NoSuchPayment => CoveragePoint.RefusedNoSuchPayment,
        RefusalCode.ClearingClosed => CoveragePoint.RefusedClearingClosed,
        RefusalCode.LedgerUnavailable => CoveragePoint.AnsweredUnavailable,
        RefusalCode.OutcomeUnknown => CoveragePoint.AnsweredUnknown,
        _ => throw new InvalidOperationException($"No rule that the simulator knows refuses with {code}: add it to the model."),
    };
}
