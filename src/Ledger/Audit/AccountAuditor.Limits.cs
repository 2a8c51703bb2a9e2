namespace Gongji.Ledger.Audit;

/// <summary>Invariant 6: each hold kept the limits it recorded, and every recipient of a transfer or credit was entitled to it.</summary>
public sealed partial class AccountAuditor
{
    private void CheckHold(Entry entry, HoldTerms terms)
    {
        checks.Limits.Count();
        CountTransfer(entry);
        CheckParties(entry, terms);
        CheckLimits(entry, terms.Under);
        CheckTerms(entry, terms);
    }

    private void CountTransfer(Entry entry)
    {
        DateOnly day = BusinessTime.DayOf(entry.At);
        if (day != _transferDay)
        {
            (_transferDay, _transfersThatDay) = (day, 0);
        }

        _transfersThatDay++;
    }

    private void CheckParties(Entry entry, HoldTerms terms)
    {
        if (terms.Payee == entry.Account)
        {
            checks.Limits.Violate($"{Name(entry)}: a transfer to oneself.");
        }

        if (!_walletOpen)
        {
            checks.Limits.Violate($"{Name(entry)}: a transfer from a person whose wallet is not open.");
        }

        if (EntryShape.SourceOf(entry) == TransferSource.Personal && (_insurance != Insurance.Employee || _status != InsuranceStatus.Active))
        {
            checks.Limits.Violate($"{Name(entry)}: personal-account money of a person insured as {AuditWords.Of(_insurance, _status)}.");
        }

        // This applies to automatic transfers too: while one transfer waits for a recipient, no other may follow.
        if (_waitingPayees.Contains(terms.Payee))
        {
            checks.Limits.Violate($"{Name(entry)}: a second transfer to {terms.Payee}, who has not answered the first.");
        }

        RequireRoom(entry);
    }

    private void RequireRoom(Entry entry)
    {
        if (_openHolds.Count >= Gongji.Ledger.Limits.OpenHoldsMax)
        {
            checks.Limits.Violate($"{Name(entry)}: {_openHolds.Count} transfers are open already, at most {Gongji.Ledger.Limits.OpenHoldsMax} may be.");
        }
    }

    private void CheckLimits(Entry entry, AppliedLimits limits)
    {
        if (entry.Amounts.HeldFen > limits.MaxFen)
        {
            checks.Limits.Violate($"{Name(entry)}: {entry.Amounts.HeldFen} fen held, at most {limits.MaxFen} were allowed.");
        }

        if (_transfersThatDay > limits.PerDay)
        {
            checks.Limits.Violate($"{Name(entry)}: transfer {_transfersThatDay} of {_transferDay:yyyy-MM-dd}, {limits.PerDay} a day were allowed.");
        }

        if (!IsMinuteOfDay(limits.ClosedFrom) || !IsMinuteOfDay(limits.ClosedUntil))
        {
            checks.Limits.Violate($"{Name(entry)}: closed from minute {limits.ClosedFrom} to {limits.ClosedUntil} is no part of a day.");
        }
        else if (limits.IsClosedAt(entry.At))
        {
            checks.Limits.Violate(
                $"{Name(entry)}: held at {BusinessTime.TimeOf(entry.At):HH:mm:ss.fff}, closed from minute {limits.ClosedFrom} to {limits.ClosedUntil} of the day.");
        }
    }

    private void CheckTerms(Entry entry, HoldTerms terms)
    {
        if (!terms.Under.Kinships.Has(terms.Kinship))
        {
            checks.Limits.Violate($"{Name(entry)}: a transfer to a {KinshipNames.ToText(terms.Kinship)}, allowed were {AuditWords.Of(terms.Under.Kinships)}.");
        }

        if (!terms.Under.IsLive(terms.Tier))
        {
            checks.Limits.Violate($"{Name(entry)}: {Tiers.ToText(terms.Tier)} from {terms.PayerRegion} to {terms.PayeeRegion}, live were {AuditWords.Of(terms.Under.Live)}.");
        }

        if (terms.PayerRegion != _region)
        {
            checks.Limits.Violate($"{Name(entry)}: held in {terms.PayerRegion}, but the account is in {_region}.");
        }

        DateTimeOffset expiry = BusinessTime.NextReturnAfter(entry.At);
        if (terms.ExpiresAt != expiry)
        {
            checks.Limits.Violate($"{Name(entry)}: expires {terms.ExpiresAt:O}, expected was {expiry:O}.");
        }
    }

    private void CheckReceipt(Entry entry, ReceiveTerms terms)
    {
        checks.Limits.Count();
        RequireInsured(entry);
        if (!_walletOpen)
        {
            checks.Limits.Violate($"{Name(entry)}: received by a person whose wallet is not open.");
        }

        if (terms.PayeeRegion != _region)
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: received in {terms.PayeeRegion}, but the account is in {_region}.");
        }
    }

    private void RequireInsured(Entry entry)
    {
        if (_status != InsuranceStatus.Active)
        {
            checks.Limits.Violate($"{Name(entry)}: a {EntryKinds.ToText(entry.Kind)}, but the person's insurance is stopped.");
        }
    }

    private static bool IsMinuteOfDay(short minute) => minute is >= 0 and < 24 * 60;
}
