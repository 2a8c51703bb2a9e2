using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>A single entry: its effect on its account, and whether it is allowed.</summary>
internal sealed partial class LedgerModel
{
    private void Take(Entry entry)
    {
        Entries++;
        core.Trace.Add(EntryKinds.ToText(entry.Kind), entry.Account, entry.Operation, entry.Version, MovedFen(entry.Amounts));
        ModelAccount account = AccountOf(entry.Account);
        ModelVersion before = account.Current;
        CheckContinuity(entry, before);
        ModelVersion after = before with
        {
            Sequence = Sequence,
            Version = before.Version + 1,
            PersonalFen = before.PersonalFen + entry.Amounts.PersonalFen,
            WalletFen = before.WalletFen + entry.Amounts.WalletFen,
            HeldFen = before.HeldFen + entry.Amounts.HeldFen,
            QuotaFen = before.QuotaFen + entry.Amounts.QuotaFen,
            LastAtMs = entry.At.ToUnixTimeMilliseconds(),
        };
        after = entry.Kind switch
        {
            EntryKind.Registered or EntryKind.InsuranceChanged or EntryKind.Moved => TakeRegistration(entry, before, after),
            EntryKind.WalletOpened or EntryKind.WalletChanged => TakeWallet(entry, before, after),
            EntryKind.Credit => TakeCredit(entry, before, after),
            EntryKind.Hold => TakeHold(entry, account, before, after),
            EntryKind.Receive or EntryKind.Decline => TakeAnswer(entry, before, after),
            EntryKind.Post or EntryKind.Void => TakeOutcome(entry, after),
            EntryKind.WalletClosed => TakeWalletClosed(entry, before, after),
            EntryKind.CreditCorrected => TakeCorrection(entry, before, after),
            >= EntryKind.RelationProposed and <= EntryKind.RelativesOrdered => TakeRelation(entry, before, after),
            _ => TakePayment(entry, before, after),
        };
        CheckPockets(entry, after);
        _pocketsFen += after.TotalFen - before.TotalFen;
        if (before.IsRegistered)
        {
            Touch(before.Region).PeopleFen -= before.TotalFen;
        }

        Touch(after.Region).PeopleFen += after.TotalFen;
        account.Versions.Add(after);
        account.Entries.Add(entry);
    }

    /// <summary>The amount to show a person for an entry: what is held or released, otherwise what comes in.</summary>
    private static long MovedFen(Amounts amounts) =>
        amounts.HeldFen != 0 ? amounts.HeldFen : amounts.WalletFen != 0 ? amounts.WalletFen : amounts.PersonalFen;

    /// <summary>Invariant 2.</summary>
    private void CheckContinuity(Entry entry, ModelVersion before)
    {
        Amounts expected = new(
            before.PersonalFen + entry.Amounts.PersonalFen, before.WalletFen + entry.Amounts.WalletFen, before.HeldFen + entry.Amounts.HeldFen, before.QuotaFen + entry.Amounts.QuotaFen);
        if (entry.Version != before.Version + 1 || entry.Balances != expected)
        {
            Fail("account-continuity", entry, $"after version {before.Version} came {entry.Version} with {entry.Balances}, expected were {expected}.");
        }

        if (entry.At.ToUnixTimeMilliseconds() < before.LastAtMs || entry.At.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            Fail("account-continuity", entry, "time runs back, or is not in whole milliseconds.");
        }

        if (!(LegOf(entry.Kind) is { } leg ? entry.Leg == leg : entry.Leg > Leg.Outcome))
        {
            Fail("account-continuity", entry, $"its leg is {entry.Leg}.");
        }

        if (before.IsRegistered == (entry.Kind == EntryKind.Registered))
        {
            Fail("account-continuity", entry, "an account begins with its registration, once.");
        }
    }

    /// <summary>The leg of a kind; null for parts of further parties, which have many legs.</summary>
    private static Leg? LegOf(EntryKind kind) => kind switch
    {
        EntryKind.Credit or EntryKind.CreditCorrected or EntryKind.Hold or EntryKind.Paid or EntryKind.PaymentOpened or EntryKind.Refunded or EntryKind.RefundOpened => Leg.Opening,
        EntryKind.Receive or EntryKind.Decline or EntryKind.PaymentMade or EntryKind.PaymentAbandoned => Leg.Answer,
        EntryKind.Post or EntryKind.Void or EntryKind.RefundDone or EntryKind.RelationsEnded => Leg.Outcome,
        > EntryKind.PaymentAbandoned and < EntryKind.RelationProposed => null,
        _ => Leg.Place,
    };

    /// <summary>Invariant 3.</summary>
    private void CheckPockets(Entry entry, ModelVersion after)
    {
        if (after.PersonalFen < 0 || after.WalletFen < 0 || after.HeldFen < 0 || after.QuotaFen < 0 || after.OpenHolds < 0
            || (after.OpenHolds == 0 && after.HeldFen != 0) || after.QuotaFen != after.Family.EarmarkedFen)
        {
            Fail(
                "pockets", entry,
                $"{after.PersonalFen}/{after.WalletFen}/{after.HeldFen}/{after.QuotaFen} fen with {after.OpenHolds} open holds and {after.Family.EarmarkedFen} fen earmarked.");
        }
    }

    private ModelVersion TakeRegistration(Entry entry, ModelVersion before, ModelVersion after)
    {
        Registration registration = (Registration)entry.Detail!;
        after = EndRelations(entry, registration, before, after);
        bool moved = before.IsRegistered && before.Region != registration.Region.Value;
        if ((entry.Kind == EntryKind.Moved) != moved || (moved && (before.OpenHolds > 0 || registration.From?.Value != before.Region)))
        {
            Fail("limits", entry, $"a {entry.Kind} from {before.Region} to {registration.Region} with {before.OpenHolds} open holds.");
        }

        core.Coverage.Hit(entry.Kind switch
        {
            EntryKind.Registered => CoveragePoint.PersonRegistered,
            EntryKind.Moved => CoveragePoint.PersonMoved,
            _ => CoveragePoint.InsuranceChanged,
        });
        if (moved)
        {
            AddDelta(DeltaOf(Activity.Move, entry, RegionCode.FromValue(before.Region), registration.Region), after.TotalFen);
        }

        return after with
        {
            Region = registration.Region.Value,
            IsEmployee = registration.Insurance == Insurance.Employee,
            IsActive = registration.Status == InsuranceStatus.Active,
        };
    }

    private ModelVersion TakeWallet(Entry entry, ModelVersion before, ModelVersion after)
    {
        WalletTerms terms = (WalletTerms)entry.Detail!;
        RequireNoMoney(entry);
        if (!before.IsActive || before.HasWallet == (entry.Kind == EntryKind.WalletOpened))
        {
            Fail("limits", entry, $"a {entry.Kind} of a person who is {(before.IsActive ? "insured" : "not insured")}, wallet open: {before.HasWallet}.");
        }

        if (terms.OpenedBy is { } relative && (relative == entry.Account || !AccountOf(relative).Current.IsRegistered))
        {
            Fail("limits", entry, $"opened by {relative}, who is the person, or nobody known.");
        }

        core.Coverage.Hit(before.HasWallet ? CoveragePoint.WalletChanged : CoveragePoint.WalletOpened);
        if (!before.HasWallet)
        {
            AddDelta(new DeltaKey(Activity.WalletOpened, Tier.SameRegion, ClearingDayOf(entry), RegionCode.Outside, terms.UsePlace), 0);
        }

        return after with { HasWallet = true, AutoAccepts = terms.AutoAccept, UsePlace = terms.UsePlace.Value, OpenedBy = terms.OpenedBy };
    }

    private ModelVersion TakeCredit(Entry entry, ModelVersion before, ModelVersion after)
    {
        CreditTerms terms = (CreditTerms)entry.Detail!;
        long amountFen = entry.Amounts.PersonalFen;
        if (!before.IsActive || !before.IsEmployee || terms.Region.Value != before.Region)
        {
            Fail("limits", entry, "a credit to somebody who is no insured employee of that region.");
        }

        if (amountFen <= 0 || entry.Amounts != new Amounts(amountFen, 0, 0, 0))
        {
            Fail("account-continuity", entry, "a credit adds to the personal pocket alone.");
        }

        TakeCreditOnce(entry);

        CommandRecord? record = RequireAsked(entry);
        if (record is not null && !record.Credits.Exists(asked =>
            asked.Person == entry.Account && asked.Command.AmountFen == amountFen && asked.Command.Period == terms.Period))
        {
            Fail("done-as-asked", entry, "nobody asked for this credit.");
        }

        Movements++;
        _creditFen[entry.Operation] = amountFen;
        _outsideFen += amountFen;
        core.Coverage.Hit(CoveragePoint.Credited);
        AddDelta(new DeltaKey(Activity.Credit, Tier.SameRegion, ClearingDayOf(entry), RegionCode.Outside, terms.Region), amountFen);
        return after;
    }

    private void TakeCreditOnce(Entry entry)
    {
        bool isOther = IsDone(entry.Operation);
        if (!_credits.TryAdd(entry.Operation, (entry, Sequence)) || isOther)
        {
            Fail("operation-once", entry, "the operation was done before.");
        }
    }

    private ModelVersion TakeAnswer(Entry entry, ModelVersion before, ModelVersion after)
    {
        if (!_transfers.TryGetValue(entry.Operation, out ModelTransfer? transfer))
        {
            Fail("transfer-outcomes", entry, "an answer to a transfer that nobody holds.");
            return after;
        }

        if (transfer.Answer is not null || transfer.Terms.Payee != entry.Account)
        {
            Fail("transfer-outcomes", entry, $"the transfer to {transfer.Terms.Payee} has the answer {transfer.Answer?.Kind}.");
        }

        (transfer.Answer, transfer.AnswerSequence) = (entry, Sequence);
        if (entry.Kind == EntryKind.Receive)
        {
            CheckReceipt(entry, transfer, before);
        }
        else
        {
            CheckDecline(entry, transfer);
        }

        return after;
    }

    private void CheckReceipt(Entry entry, ModelTransfer transfer, ModelVersion before)
    {
        ReceiveTerms terms = (ReceiveTerms)entry.Detail!;
        if (entry.Amounts != new Amounts(0, transfer.AmountFen, 0, 0) || terms.Payer != transfer.Hold.Account
            || terms.PayerRegion != transfer.Terms.PayerRegion || terms.PayeeRegion.Value != before.Region)
        {
            Fail("transfer-outcomes", entry, $"received {entry.Amounts} by {terms}; {transfer.AmountFen} fen of {transfer.Hold.Account} were held.");
        }

        if (entry.At.ToUnixTimeMilliseconds() >= transfer.ExpiresAtMs)
        {
            Fail("transfer-outcomes", entry, "received after 06:00.");
        }

        if (!before.IsActive || !before.HasWallet)
        {
            Fail("limits", entry, "received by somebody who is not insured or has no wallet.");
        }

        if (terms.PayeeRegion != transfer.Terms.PayeeRegion && !WereEverLive(terms.PayerRegion.Value, terms.PayeeRegion.Value))
        {
            Fail("limits", entry, $"received in {terms.PayeeRegion}, which was never live for it together with {terms.PayerRegion}.");
        }

        if (!(transfer.Terms.AutoAccept && before.AutoAccepts) && RequireAsked(entry) is { AcceptAsked: false })
        {
            Fail("done-as-asked", entry, "received, though nobody accepted.");
        }

        Movements++;
        _inTransitFen += transfer.AmountFen;
        Touch(transfer.Terms.PayerRegion.Value).InTransitFen += transfer.AmountFen;
        core.Coverage.Hit(CoveragePoint.Received);
        AddDelta(DeltaOf(Activity.Transfer, entry, terms.PayerRegion, terms.PayeeRegion), transfer.AmountFen);
    }

    private void CheckDecline(Entry entry, ModelTransfer transfer)
    {
        RequireNoMoney(entry);
        EndReason reason = ((EndTerms)entry.Detail!).Reason;
        CommandRecord? record = RequireAsked(entry);
        bool allowed = reason switch
        {
            EndReason.Rejected => record is null or { RejectAsked: true },
            EndReason.Cancelled => record is null or { CancelAsked: true },
            _ => LatestMs >= transfer.ExpiresAtMs,
        };
        if (!allowed)
        {
            Fail("done-as-asked", entry, $"declined as {reason}, which nobody asked and no clock says.");
        }

        core.Coverage.Hit(reason switch
        {
            EndReason.Rejected => CoveragePoint.DeclinedRejected,
            EndReason.Cancelled => CoveragePoint.DeclinedCancelled,
            _ => CoveragePoint.DeclinedReturned,
        });
        if (reason == EndReason.Returned && transfer.FoundAs is CoveragePoint.ResumedDue)
        {
            core.Coverage.Hit(CoveragePoint.ResumedDue);
        }
    }

    /// <summary>Invariant 4: the giver's side follows the recipient's.</summary>
    private ModelVersion TakeOutcome(Entry entry, ModelVersion after)
    {
        if (!_transfers.TryGetValue(entry.Operation, out ModelTransfer? transfer) || transfer.Outcome is not null
            || transfer.Hold.Account != entry.Account || transfer.Answer is not { } answer)
        {
            Fail("transfer-outcomes", entry, "an outcome of a transfer that has one, has no answer, or is not held here.");
            return after;
        }

        (transfer.Outcome, transfer.OutcomeSequence) = (entry, Sequence);
        bool posted = entry.Kind == EntryKind.Post;
        Amounts expected = posted ? new Amounts(0, 0, -transfer.AmountFen, 0) : Amounts.Hold(transfer.Source, -transfer.AmountFen);
        if (posted != (answer.Kind == EntryKind.Receive) || entry.Amounts != expected || (!posted && !Equals(entry.Detail, answer.Detail)))
        {
            Fail("transfer-outcomes", entry, $"{entry.Kind} {entry.Amounts} does not follow from {answer.Kind} of {transfer.AmountFen} fen.");
        }

        if (posted)
        {
            _inTransitFen -= transfer.AmountFen;
            Touch(transfer.Terms.PayerRegion.Value).InTransitFen -= transfer.AmountFen;
        }
        else
        {
            Movements++;
        }

        core.Coverage.Hit(posted ? CoveragePoint.Posted : CoveragePoint.Voided);
        if (transfer.FoundAs is { } found and not CoveragePoint.ResumedDue)
        {
            core.Coverage.Hit(found);
        }

        return after with { OpenHolds = after.OpenHolds - 1 };
    }

    private void RequireNoMoney(Entry entry)
    {
        if (entry.Amounts != Amounts.Zero)
        {
            Fail("account-continuity", entry, $"a {entry.Kind} changes no balance.");
        }
    }

    /// <summary>The record of what was requested under the entry's id.</summary>
    private CommandRecord? RequireAsked(Entry entry) => RequireAsked(entry, entry.Operation);

    private CommandRecord? RequireAsked(Entry entry, Guid id)
    {
        if (!_commands.TryGetValue(id, out CommandRecord? record))
        {
            Fail("done-as-asked", entry, "nobody ever asked for this operation.");
        }
        else if (entry.Leg == Leg.Opening && record.SurelyNotDone)
        {
            Fail("unavailable-means-undecided", entry, "the caller was told that nothing was decided, and did not ask again.");
        }

        return record;
    }

    private DeltaKey DeltaOf(Activity activity, Entry entry, RegionCode from, RegionCode to) => new(activity, TierOf(from.Value, to.Value), ClearingDayOf(entry), from, to);

    internal static Tier TierOf(int from, int to) =>
        from == to ? Tier.SameRegion : from / 10_000 == to / 10_000 ? Tier.InProvince : Tier.CrossProvince;

    internal static DateOnly DateOf(long atMs) => DateOnly.FromDayNumber(DaysBefore1970 + ModelTime.DayOf(atMs));

    private const int DaysBefore1970 = 719_162;

    private void Fail(string invariant, Entry entry, string text) =>
        core.Fail(invariant, $"{entry.Account}/{entry.Version} {entry.Kind}: {text}", entry.Operation, entry.Account);
}
