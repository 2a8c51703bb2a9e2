using System.Globalization;
using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers about persons, their credits, and regions.</summary>
internal sealed partial class AnswerOracle
{
    public void EndCredit(Attempt attempt, string person, CreditPerson command, Reply<CreditView> reply)
    {
        if (!IsDefinite(attempt, "credit", command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        CommandRecord record = attempt.Record!;
        (Entry Entry, long Sequence)? done = model.CreditOf(command.Id);
        bool known = model.IsDone(command.Id) || model.HasOpenAttempt(command.Id);
        bool same = done is { } credit && credit.Entry.Account == person && credit.Entry.Amounts.PersonalFen == command.AmountFen
            && (credit.Entry.Detail switch
            {
                CreditTerms terms => command.Corrects is null && terms.Period == command.Period,
                CorrectionTerms terms => command.Corrects == terms.Credit && terms.Period == command.Period,
                _ => false,
            });
        if (reply.Value is { } view)
        {
            Require(known, "answered-is-durable", "credit answered as done, but nothing is durable.", command.Id, person);
            Require(same, "mismatch-is-told", "credit answered as done, but the id names something else.", command.Id, person);
            Require(view.Id == command.Id && view.Person == person && view.AmountFen == command.AmountFen && view.Period == command.Period
                && view.At == done?.Entry.At, "answer-is-allowed", $"the answer {view} is not the credit {done?.Entry}.", command.Id, person);
            Require(reply.IsReplay || done?.Sequence > attempt.Sequence, "replay-is-told", "answered as done just now, but it was done before the call.", command.Id, person);
            Require(reply.IsReplay || !record.DoneOnce, "operation-once", "answered as done just now for the second time.", command.Id, person);
            record.DoneOnce |= !reply.IsReplay;
            record.FirstCredit ??= view;
            Require(record.FirstCredit == view, "replay-equals-first", $"first answered {record.FirstCredit}, then {view}.", command.Id, person);
            model.AccountOf(person).Observe(done?.Entry);
            return;
        }

        RefusalCode code = reply.Code!.Value;
        if (code == RefusalCode.IdempotencyMismatch)
        {
            Require(known && !same, "mismatch-is-told", "answered idempotency-mismatch, but the ledger has nothing else under this id.", command.Id, person);
            return;
        }

        Require(done is not { } first || first.Sequence > attempt.Sequence, "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the id was known.", command.Id, person);
        ModelAccount account = model.AccountOf(person);
        bool justified = code switch
        {
            RefusalCode.NoSuchPerson => !account.Versions[attempt.PayerFrom].IsRegistered,
            RefusalCode.NotInsured => account.WasEver(attempt.PayerFrom, version => !version.IsEmployee || !version.IsActive),
            RefusalCode.AmountOverLimit => command.Corrects is not null || account.WasEver(attempt.PayerFrom, version => command.AmountFen > Limits.BalanceFenMax - version.PersonalFen),
            RefusalCode.InsufficientFunds => command.Corrects is not null && account.WasEver(attempt.PayerFrom, version => version.PersonalFen < -command.AmountFen),
            RefusalCode.WrongState => command.Corrects is { } corrected && (model.CreditOf(corrected) is not { } there || there.Sequence > attempt.Sequence || there.Entry.Account != person),
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"credit answered {RefusalCodes.ToText(code)}, which nothing justifies.", command.Id, person);
    }

    /// <summary>Judges a registration or a change of a wallet: the answer shows the account as asked, at a version it had during the call.</summary>
    public void EndChange(Attempt attempt, string person, string what, Reply<PersonView> reply, Func<ModelVersion, bool> asAsked, Func<ModelVersion, RefusalCode?> refuses)
    {
        if (!IsDefinite(attempt, what, default, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelAccount account = model.AccountOf(person);
        if (reply.Value is { } view)
        {
            if (JudgeView(attempt, account, view) is { } version)
            {
                Require(asAsked(version), "answer-is-allowed", $"{what} of {person} is answered with {view}.", default, person);
            }

            return;
        }

        RefusalCode code = reply.Code!.Value;
        Require(
            account.WasEver(attempt.PayerFrom, version => refuses(version) == code)
                || (code == RefusalCode.RegionCapReached && AnyRules(attempt, account, attempt.PayerFrom, rules => rules.NetDebitCapFen is not null)),
            "answer-is-allowed", $"{what} of {person} was answered {RefusalCodes.ToText(code)}, which nothing justifies.", default, person);
    }

    public void EndPerson(Attempt attempt, string person, Reply<PersonView> reply)
    {
        if (!IsDefinite(attempt, "person", default, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelAccount account = model.AccountOf(person);
        if (reply.Value is { } view)
        {
            JudgeView(attempt, account, view);
        }
        else
        {
            Require(
                reply.Code == RefusalCode.NoSuchPerson && !account.Versions[attempt.PayerFrom].IsRegistered,
                "answer-is-allowed", $"the person {person} was answered {RefusalCodes.ToText(reply.Code!.Value)}.", default, person);
        }
    }

    /// <summary>Judges a change of rules. Once answered, it is in force for every command that begins afterwards.</summary>
    public void EndRules(Attempt attempt, string code, PutRegion command, Reply<RegionView> reply)
    {
        if (!IsDefinite(attempt, "rules", default, reply.Code, reply.IsReplay) || reply.Value is null)
        {
            return;
        }

        ModelRules? written = model.RegionOf(code)?.Rules.Find(rules => rules.Name == command.Name && rules.Record == command.Rules);
        Require(written is not null, "answered-is-durable", $"the rules of {code} were answered as set, but are not durable.", default);
        if (written is not null)
        {
            written.AnsweredAt = Math.Min(written.AnsweredAt, core.Time.Now);
        }

        JudgeRegion(attempt, code, reply.Value);
    }

    public void EndRegion(Attempt attempt, string code, Reply<RegionView> reply)
    {
        if (!IsDefinite(attempt, "region", default, reply.Code, reply.IsReplay))
        {
            return;
        }

        if (reply.Value is { } view)
        {
            JudgeRegion(attempt, code, view);
            return;
        }

        ModelRegion? region = model.RegionOf(code);
        Require(
            reply.Code == RefusalCode.NoSuchRegion && (region is null || region.Rules.TrueForAll(rules => rules.AnsweredAt > attempt.BeganAt)),
            "answer-is-allowed", $"region {code} was answered {RefusalCodes.ToText(reply.Code!.Value)}.", default);
    }

    private void JudgeRegion(Attempt attempt, string code, RegionView view)
    {
        ModelRegion? region = model.RegionOf(code);
        Require(
            region is not null && region.RulesSince(attempt.BeganAt).Any(rules => rules == view.Rules),
            "answer-is-allowed", $"the rules shown of region {code} are none that were in force.", default);
        if (region is null)
        {
            return;
        }

        int last = region.Positions.FindLastIndex(position => position.Sequence <= attempt.Sequence);
        bool true1 = region.Positions.Skip(last).Any(position => position.FundFen == view.FundFen && position.NetFen == view.NetFen);
        Require(true1, "answer-is-allowed", $"region {code}: fund {view.FundFen} and net {view.NetFen} were true at no moment of the call.", default);
    }

    /// <summary>The version that a view shows; null unless the account had that version during the call.</summary>
    private ModelVersion? JudgeView(Attempt attempt, ModelAccount account, PersonView view)
    {
        if (view.Version >= account.Versions.Count)
        {
            core.Fail("answered-is-durable", $"{account.Person}: version {view.Version} is shown, durable is {account.Current.Version}.", default, account.Person);
            return null;
        }

        ModelVersion version = account.Versions[(int)view.Version];
        Require(
            view.Version >= attempt.PayerFrom,
            "answer-is-allowed", $"{account.Person}: version {view.Version} is shown, but {attempt.PayerFrom} was answered before the call.", default, account.Person);
        bool same = view.Person == account.Person && view.Region == version.Region.ToString("D6", CultureInfo.InvariantCulture)
            && (view.Insurance == Insurance.Employee) == version.IsEmployee && (view.Status == InsuranceStatus.Active) == version.IsActive
            && view.WalletOpen == version.HasWallet && view.AutoAccept == version.AutoAccepts
            && view.PersonalFen == version.PersonalFen && view.WalletFen == version.WalletFen && view.HeldFen == version.HeldFen && view.QuotaFen == version.QuotaFen;
        Require(same, "answer-is-allowed", $"{account.Person}: {view} is shown, version {version.Version} is {version}.", default, account.Person);
        (long fromMs, long untilMs) = ClockDuring(attempt);
        int firstDay = ModelTime.DayOf(fromMs);
        int lastDay = ModelTime.DayOf(untilMs);
        bool counted = version.TransferDay >= firstDay && version.TransferDay <= lastDay && view.TransfersToday == version.TransfersThatDay;
        bool otherDay = view.TransfersToday == 0 && (firstDay != lastDay || version.TransferDay != firstDay);
        account.Observe(view.Version);
        Require(counted || otherDay, "answer-is-allowed", $"{account.Person}: {view.TransfersToday} transfers today are shown, {version} has others.", default, account.Person);
        return version;
    }
}
