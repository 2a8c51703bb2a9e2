namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks the accounts of the clearing (invariant 8, and invariant 2 as for all accounts). It is fed their entries by account, then version. Memory: one
/// account, the closings, and a sum per settled pair and day.
/// </summary>
public sealed class ClearingAuditor(InvariantChecks checks)
{
    private readonly List<DayClosing> _closings = [];
    private readonly Dictionary<(DateOnly Day, RegionCode From, RegionCode To), Int128> _settledFen = [];
    private readonly HashSet<int> _signed = [];
    private string? _account;
    private long _version;
    private DateTimeOffset _lastAt;

    /// <summary>Checks the next entry.</summary>
    public void Add(Entry entry)
    {
        if (entry.Account != _account)
        {
            (_account, _version, _lastAt) = (entry.Account, 0, default);
            _signed.Clear();
        }

        checks.AccountContinuity.Count();
        checks.Clearing.Count();
        CheckPlace(entry);
        if (!EntryShape.HasDetailOfKind(entry) || !EntryShape.HasLegOfKind(entry))
        {
            checks.Clearing.Violate($"{Name(entry)}: {AuditWords.Of(entry.Kind)} with {AuditWords.Of(entry.Leg)} and {AuditWords.Of(entry.Detail)} is no entry of the clearing.");
        }
        else
        {
            Take(entry);
        }

        (_version, _lastAt) = (entry.Version, entry.At);
    }

    /// <summary>Compares the store's open day with the closings, after every entry.</summary>
    /// <param name="stored">The open day as stored; null when none is stored.</param>
    public void CheckOpenDay(DateOnly? stored)
    {
        DateOnly expected = _closings is [.., { } last] ? last.Day.AddDays(1) : ClearingDays.First;
        if (stored != expected)
        {
            checks.Clearing.Violate(
                $"the store goes by {(stored is { } day ? $"the open day {day:yyyy-MM-dd}" : "no open day")}, {(_closings.Count == 0 ? "no day was closed" : $"{expected.AddDays(-1):yyyy-MM-dd} was closed last")}: {expected:yyyy-MM-dd} was expected.");
        }
    }

    /// <summary>Compares what was settled with what was owed, when the figures of all days are known.</summary>
    public void CheckSettlements(DeltaAuditor deltas)
    {
        foreach (((DateOnly day, RegionCode from, RegionCode to), Int128 settledFen) in _settledFen)
        {
            DayClosing? closing = _closings.Find(closing => closing.Day >= day);
            Int128 owedFen = deltas.OwedFen(day, from, to) - (closing?.Basis == ClearingBasis.Net ? deltas.OwedFen(day, to, from) : 0);
            if (closing is null || settledFen > owedFen)
            {
                checks.Clearing.Violate(
                    $"{day:yyyy-MM-dd}: {from} settled {settledFen} fen with {to}, it owed {owedFen}; the day is {(closing is null ? "open" : "closed")}.");
            }
        }
    }

    private void CheckPlace(Entry entry)
    {
        if (entry.Version != unchecked(_version + 1))
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: version {unchecked(_version + 1)} was expected here.");
        }

        if (entry.At < _lastAt || !EntryShape.IsPlausible(entry.At) || entry.At.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: {entry.At:O} cannot follow {_lastAt:O}.");
        }

        if (entry.Amounts != Amounts.Zero || entry.Balances != Amounts.Zero)
        {
            checks.Pockets.Violate($"{Name(entry)}: an account of the clearing has no money, {EntryShape.Text(entry.Balances)} are there.");
        }
    }

    private void Take(Entry entry)
    {
        switch (entry.Detail)
        {
            case DayClosing closing when entry.Account == ClearingAccounts.Days:
                if (_closings is [.., { } last] && closing.Day <= last.Day)
                {
                    checks.Clearing.Violate($"{Name(entry)}: {closing.Day:yyyy-MM-dd} is closed after {last.Day:yyyy-MM-dd}.");
                }

                if (EntryShape.IsPlausible(entry.At) && closing.Day > BusinessTime.DayOf(entry.At))
                {
                    checks.Clearing.Violate($"{Name(entry)}: {closing.Day:yyyy-MM-dd} is closed on {BusinessTime.DayOf(entry.At):yyyy-MM-dd}, before it began.");
                }

                _closings.Add(closing);
                break;
            case SettlementTerms terms when entry.Account == ClearingAccounts.OfDay(terms.Day):
                (DateOnly, RegionCode, RegionCode) pair = (terms.Day, terms.From, terms.To);
                _settledFen[pair] = _settledFen.GetValueOrDefault(pair) + terms.AmountFen;
                break;
            case StatementSignature signature when entry.Account == ClearingAccounts.OfMonth(signature.Month):
                if (!_signed.Add(signature.Province))
                {
                    checks.Clearing.Violate($"{Name(entry)}: province {signature.Province} has signed {signature.Month} already.");
                }

                break;
            case TopUpTerms terms when entry.Account == ClearingAccounts.OfPrepayment(terms.Region):
                break;
            default:
                checks.Clearing.Violate($"{Name(entry)}: {AuditWords.Of(entry.Detail)} belongs to another account.");
                break;
        }
    }

    private static string Name(Entry entry) => $"account {entry.Account}/{entry.Version}";
}
