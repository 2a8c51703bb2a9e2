using Gongji.Grains.Messages;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Holds (invariant 6): requested, by entitled persons, under rules in force, and within them.</summary>
internal sealed partial class LedgerModel
{
    private static readonly long ErrorMs = (long)BusinessClock.ErrorMax.TotalMilliseconds;

    /// <summary>The latest moment that any silo's clock may show.</summary>
    private long LatestMs => core.Business.Now.ToUnixTimeMilliseconds() + ErrorMs;

    private ModelVersion TakeHold(Entry entry, ModelAccount payer, ModelVersion before, ModelVersion after)
    {
        HoldTerms terms = (HoldTerms)entry.Detail!;
        ModelTransfer transfer = new(entry, terms, Sequence);
        long amountFen = entry.Amounts.HeldFen;
        if (amountFen <= 0 || entry.Amounts != Amounts.Hold(transfer.Source, amountFen))
        {
            Fail("account-continuity", entry, $"{entry.Amounts} is no hold.");
        }

        CheckWaiting(entry, payer, terms);
        bool isOther = IsDone(entry.Operation);
        if (!_transfers.TryAdd(entry.Operation, transfer) || isOther)
        {
            Fail("operation-once", entry, "the operation was done before.");
        }

        if (!payer.GivenTo.TryGetValue(terms.Payee, out List<ModelTransfer>? given))
        {
            payer.GivenTo.Add(terms.Payee, given = []);
        }

        given.Add(transfer);
        CheckHoldAsAsked(entry, transfer);
        int day = ModelTime.DayOf(after.LastAtMs);
        int count = before.TransfersOn(day) + 1;
        CheckHoldLimits(entry, transfer, before, count);
        Count(transfer);
        return after with { OpenHolds = before.OpenHolds + 1, TransferDay = day, TransfersThatDay = count };
    }

    private void CheckWaiting(Entry entry, ModelAccount payer, HoldTerms terms)
    {
        if (payer.GivenTo.TryGetValue(terms.Payee, out List<ModelTransfer>? given)
            && given.Exists(transfer => transfer.Outcome is null && !transfer.Terms.AutoAccept))
        {
            Fail("limits", entry, $"a second transfer to {terms.Payee} while one waits.");
        }
    }

    private void CheckHoldAsAsked(Entry entry, ModelTransfer transfer)
    {
        if (RequireAsked(entry) is not { } record)
        {
            return;
        }

        HoldTerms terms = transfer.Terms;
        AskedTransfer? asked = record.Transfers.Find(asked => IsSame(asked.Command, transfer));
        if (asked is null)
        {
            Fail("done-as-asked", entry, "nobody asked for this transfer.");
            return;
        }

        ModelAccount payee = AccountOf(terms.Payee);
        if (!payee.WasEver(asked.First.PayeeFrom, version =>
            version.IsActive && version.HasWallet && version.Region == terms.PayeeRegion.Value && version.AutoAccepts == terms.AutoAccept))
        {
            Fail("limits", entry, $"the payee {terms.Payee} never was as the hold says since it was asked for.");
        }

        if (RegionOf(terms.PayerRegion.Value) is not { } payerRegion || RegionOf(terms.PayeeRegion.Value) is not { } payeeRegion
            || !AreInForce(terms.Under, payerRegion, payeeRegion, asked.First.BeganAt))
        {
            Fail("limits", entry, $"held under {terms.Under}, which were no rules in force since it was asked for.");
        }
    }

    private bool WereEverLive(int payer, int payee) => RegionOf(payer) is { } mine && RegionOf(payee) is { } theirs && mine.Rules.Exists(
        one => theirs.Rules.Exists(other => ((int)(one.Record.Live & other.Record.Live) >> (int)TierOf(payer, payee) & 1) != 0));

    private static bool AreInForce(AppliedLimits limits, ModelRegion payer, ModelRegion payee, long beganAt)
    {
        for (int mine = payer.Rules.Count - 1; mine >= payer.FirstSince(beganAt); mine--)
        {
            for (int theirs = payee.Rules.Count - 1; theirs >= payee.FirstSince(beganAt); theirs--)
            {
                if (IsUnder(limits, payer.Rules[mine].Record, payee.Rules[theirs].Record))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void CheckHoldLimits(Entry entry, ModelTransfer transfer, ModelVersion before, int count)
    {
        HoldTerms terms = transfer.Terms;
        AppliedLimits limits = terms.Under;
        long atMs = entry.At.ToUnixTimeMilliseconds();
        int tier = (int)TierOf(terms.PayerRegion.Value, terms.PayeeRegion.Value);
        string? broken =
            !before.HasWallet ? "the payer has no wallet"
            : terms.Payee == entry.Account ? "to oneself"
            : transfer.Source == TransferSource.Personal && !(before.IsEmployee && before.IsActive) ? "personal money of no insured employee"
            : terms.PayerRegion.Value != before.Region ? "the payer is in another region"
            : transfer.AmountFen > limits.MaxFen ? "over the limit of one transfer"
            : count > limits.PerDay ? $"number {count} of the day, {limits.PerDay} are allowed"
            : limits.ClosedFrom != limits.ClosedUntil && ModelTime.IsClosed(atMs, limits.ClosedFrom, limits.ClosedUntil) ? "in the closed hours"
            : ((int)limits.Kinships >> (int)terms.Kinship & 1) == 0 ? "the kinship is not allowed"
            : ((int)limits.Live >> tier & 1) == 0 ? "the regions are not live for the tier"
            : terms.ExpiresAt.ToUnixTimeMilliseconds() != ModelTime.NextReturn(atMs) ? "it does not expire at the next 06:00"
            : atMs > LatestMs ? "from the future"
            : null;
        if (broken is not null)
        {
            Fail("limits", entry, $"{broken}.");
        }
    }

    private void Count(ModelTransfer transfer)
    {
        core.Coverage.Hit(transfer.Source == TransferSource.Personal ? CoveragePoint.HeldFromPersonal : CoveragePoint.HeldFromWallet);
        core.Coverage.Hit(TierOf(transfer.Terms.PayerRegion.Value, transfer.Terms.PayeeRegion.Value) switch
        {
            Tier.SameRegion => CoveragePoint.SameRegionTier,
            Tier.InProvince => CoveragePoint.InProvinceTier,
            _ => CoveragePoint.CrossProvinceTier,
        });
        if (transfer.Terms.AutoAccept)
        {
            core.Coverage.Hit(CoveragePoint.HeldForAutoAccept);
        }
    }

    internal static bool IsSame(CreateTransfer asked, ModelTransfer transfer) =>
        asked.Payer == transfer.Hold.Account && asked.Payee == transfer.Terms.Payee && asked.Source == transfer.Source
        && asked.AmountFen == transfer.AmountFen && asked.Kinship == transfer.Terms.Kinship;

    private static bool IsUnder(AppliedLimits limits, RulesRecord payer, RulesRecord payee) =>
        limits.MaxFen == payer.MaxTransferFen && limits.PerDay == payer.MaxTransfersPerDay
        && limits.ClosedFrom == MinuteOf(payer.ClosedFrom) && limits.ClosedUntil == MinuteOf(payer.ClosedUntil)
        && limits.Kinships == (payer.Kinships & payee.Kinships) && limits.Live == (payer.Live & payee.Live);

    internal static int MinuteOf(TimeOnly time) => time.Hour * 60 + time.Minute;
}
