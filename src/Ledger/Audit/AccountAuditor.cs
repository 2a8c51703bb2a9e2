namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks each account by itself: continuity, pockets and the limits its holds were decided under (invariants 2, 3 and 6), and adds up
/// what conservation needs. It is fed every entry by account, then version. It folds the entries itself instead of through
/// <see cref="PersonState"/>, so that a mistake there is found here. Memory: one account's open holds.
/// </summary>
public sealed partial class AccountAuditor(InvariantChecks checks)
{
    private readonly Dictionary<Guid, OpenHold> _openHolds = [];
    private readonly HashSet<string> _waitingPayees = [];
    private readonly Dictionary<RegionCode, Int128> _pocketsByRegion = [];
    private readonly OpenDayAuditor _openDays = new(checks);
    private EntryTally _all;
    private EntryTally _transfers;

    private string? _account;
    private long _version;
    private Amounts _balances;
    private DateTimeOffset _lastAt;
    private RegionCode _region;
    private Insurance _insurance;
    private InsuranceStatus _status;
    private bool _walletOpen;
    private DateOnly _transferDay;
    private int _transfersThatDay;
    private Int128 _openFen;

    /// <param name="Taken">What left each pocket, positive.</param>
    /// <param name="Payee">The recipient of a transfer; for a draw, the payer.</param>
    /// <param name="AutoAccept">Whether it waits for nobody.</param>
    /// <param name="Payment">The terms of a payment; otherwise null.</param>
    /// <param name="Relation">For a draw: the version at which, as it says, the relation that it is drawn on was made.</param>
    private readonly record struct OpenHold(Amounts Taken, string Payee, bool AutoAccept, PaymentTerms? Payment = null, long? Relation = null)
    {
        // Wider than 64 bits: a damaged entry may hold any number.
        public Int128 AmountFen => (Int128)Taken.PersonalFen + Taken.WalletFen + Taken.QuotaFen;
    }

    /// <summary>The auditor of the clearing's accounts, which belong to no person.</summary>
    public ClearingAuditor Clearing { get; } = new(checks);

    /// <summary>The number of accounts that were read completely.</summary>
    public long Accounts { get; private set; }

    /// <summary>The last balances of all pockets of all accounts, in fen.</summary>
    public Int128 PocketsFen { get; private set; }

    /// <summary>Credits from outside, as corrected, less payments and plus refunds; in fen.</summary>
    public Int128 OutsideFen { get; private set; }

    /// <summary>The last balances by the region in which the person is insured, in fen.</summary>
    public IReadOnlyDictionary<RegionCode, Int128> PocketsByRegionFen => _pocketsByRegion;

    /// <summary>The tally of all entries.</summary>
    public EntryTally All => _all;

    /// <summary>The tally of the entries that are also read by operation: holds, answers and outcomes.</summary>
    public EntryTally Transfers => _transfers;

    /// <summary>Where the audit is, for the message about an entry that cannot be read.</summary>
    public string Position => _account is null ? "at the first entry" : $"after account {_account}/{_version}";

    /// <summary>Checks the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="openDay">The open day of its batch.</param>
    public void Add(Entry entry, DateOnly openDay = default)
    {
        _all.Add(entry);
        _openDays.Add(entry, openDay);
        if (ClearingAccounts.Is(entry.Account))
        {
            Clearing.Add(entry);
            return;
        }

        if (entry.Account != _account)
        {
            Complete();
            _account = entry.Account;
        }

        if (OpenWork.HasCompany(entry))
        {
            _transfers.Add(entry);
        }

        checks.AccountContinuity.Count();
        bool isNext = CheckPlace(entry);
        CheckBalances(entry, isNext);
        if (HasForm(entry))
        {
            Fold(entry);
        }

        CheckPockets(entry);

        // From here on the record is believed, so that one damaged entry is one violation and not one for each entry after it.
        _version = entry.Version;
        _balances = entry.Balances;
        _lastAt = entry.At;
    }

    /// <summary>Completes the last account. To be called once, after every entry.</summary>
    public void Complete()
    {
        if (_account is not null)
        {
            Accounts++;
            Int128 total = (Int128)_balances.PersonalFen + _balances.WalletFen + _balances.HeldFen + _balances.QuotaFen;
            PocketsFen += total;
            _pocketsByRegion[_region] = _pocketsByRegion.GetValueOrDefault(_region) + total;
        }

        (_account, _version, _balances, _lastAt) = (null, 0, default, default);
        (_region, _insurance, _status, _walletOpen) = (default, default, default, false);
        (_transferDay, _transfersThatDay, _openFen) = (default, 0, 0);
        _openHolds.Clear();
        _waitingPayees.Clear();
        CompleteFamily();
    }

    private bool CheckPlace(Entry entry)
    {
        long expected = unchecked(_version + 1);
        bool isNext = entry.Version == expected;
        if (!isNext)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: version {expected} was expected here.");
        }

        if (!EntryShape.IsPlausible(entry.At) || entry.At.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: {entry.At:O} is not a time in whole milliseconds.");
        }
        else if (entry.At < _lastAt)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: time runs back from {_lastAt:O} to {entry.At:O}.");
        }

        return isNext;
    }

    /// <summary>After a gap the previous balances are unknown, so balances are compared only with those of a direct predecessor.</summary>
    private void CheckBalances(Entry entry, bool isNext)
    {
        // Wrapping is harmless here: a balance beyond 64 bits would be negative, which is a violation of its own.
        unchecked
        {
            Amounts expected = new(
                _balances.PersonalFen + entry.Amounts.PersonalFen,
                _balances.WalletFen + entry.Amounts.WalletFen,
                _balances.HeldFen + entry.Amounts.HeldFen,
                _balances.QuotaFen + entry.Amounts.QuotaFen);
            if (isNext && entry.Balances != expected)
            {
                checks.AccountContinuity.Violate(
                    $"{Name(entry)}: balances {Text(expected)} were expected (previous {Text(_balances)} and {Text(entry.Amounts)}), {Text(entry.Balances)} are there.");
            }
        }
    }

    private bool HasForm(Entry entry)
    {
        bool known = Enum.IsDefined(entry.Kind);
        if (!known || !EntryShape.HasLegOfKind(entry))
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: {AuditWords.Of(entry.Leg)} is there, which a {AuditWords.Of(entry.Kind)} does not have.");
        }

        if (known && !EntryShape.HasAmountsOfKind(entry))
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: {Text(entry.Amounts)} are not amounts of a {EntryKinds.ToText(entry.Kind)}.");
        }

        bool hasDetail = EntryShape.HasDetailOfKind(entry);
        if (known && !hasDetail)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: the detail is not that of a {EntryKinds.ToText(entry.Kind)}.");
        }

        if (entry.Kind == EntryKind.Registered != (_version == 0))
        {
            checks.AccountContinuity.Violate(
                _version == 0 ? $"{Name(entry)}: an account begins with its registration." : $"{Name(entry)}: the account is registered already.");
        }

        return known && hasDetail && EntryShape.IsPlausible(entry.At);
    }

    private void Fold(Entry entry)
    {
        switch (entry.Detail)
        {
            case Registration registration:
                FoldRegistration(entry, registration);
                break;
            case WalletTerms:
                FoldWallet(entry);
                break;
            case null when entry.Kind == EntryKind.WalletClosed:
                FoldWalletClosed(entry);
                break;
            case PaymentTerms or DrawTerms or RefundTerms or DrawRefundTerms or CorrectionTerms:
                FoldPayment(entry);
                break;
            case ContributionTerms terms:
                FoldContribution(entry, terms);
                break;
            case RelationTerms or DissolvedTerms or GiverTerms or RelativesOrder:
                FoldRelation(entry);
                break;
            case null when entry.Kind is EntryKind.RefundDone or EntryKind.RelationsEnded:
                break;
            case CreditTerms terms:
                FoldCredit(entry, terms);
                break;
            case HoldTerms terms:
                CheckHold(entry, terms);
                FoldHold(entry, terms);
                break;
            case ReceiveTerms terms:
                CheckReceipt(entry, terms);
                break;
            default:
                FoldOutcome(entry);
                break;
        }
    }

    private void FoldRegistration(Entry entry, Registration registration)
    {
        if (entry.Kind == EntryKind.InsuranceChanged && registration.Region != _region)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: insurance changed in {registration.Region}, but the account is in {_region}.");
        }

        if (entry.Kind == EntryKind.Moved && (registration.From != _region || registration.Region == _region))
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: moved from {registration.From} to {registration.Region}, but the account is in {_region}.");
        }

        if (entry.Kind == EntryKind.Moved && _openHolds.Count > 0)
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: moved while {_openHolds.Count} transfer(s) were held.");
        }

        EndRelations(entry, registration);
        _regions.Add(registration.Region);
        (_region, _insurance, _status) = (registration.Region, registration.Insurance, registration.Status);
    }

    private void FoldWallet(Entry entry)
    {
        if (entry.Kind == EntryKind.WalletOpened == _walletOpen)
        {
            checks.AccountContinuity.Violate($"{Name(entry)}: {EntryKinds.ToText(entry.Kind)}, but the wallet is {(_walletOpen ? "open" : "not open")}.");
        }

        RequireInsured(entry);
        _walletOpen = true;
    }

    private void FoldWalletClosed(Entry entry)
    {
        if (!_walletOpen || entry.Balances.WalletFen != 0 || _openHolds.Count > 0)
        {
            checks.Limits.Violate($"{Name(entry)}: a wallet closed that is {(_walletOpen ? "open" : "not open")}, with {entry.Balances.WalletFen} fen in it and {_openHolds.Count} open hold(s).");
        }

        _walletOpen = false;
    }

    private void FoldCredit(Entry entry, CreditTerms terms)
    {
        checks.Limits.Count();
        OutsideFen += entry.Amounts.PersonalFen;
        _credits[entry.Operation] = entry.Amounts.PersonalFen;
        RequireInsured(entry);
        if (_insurance != Insurance.Employee)
        {
            checks.Limits.Violate($"{Name(entry)}: a credit to a personal account, but the person is no employee.");
        }

        if (terms.Region != _region)
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: the credit came in at {terms.Region}, but the account is in {_region}.");
        }
    }

    private void FoldHold(Entry entry, HoldTerms terms)
    {
        Open(entry, terms.Payee, terms.AutoAccept);
        if (!terms.AutoAccept)
        {
            _waitingPayees.Add(terms.Payee);
        }
    }

    private void Open(Entry entry, string payee, bool autoAccept, PaymentTerms? payment = null, long? relation = null)
    {
        _openFen += entry.Amounts.HeldFen;
        if (!_openHolds.TryAdd(entry.Operation, new OpenHold(TakenBy(entry.Amounts), payee, autoAccept, payment, relation)))
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: {entry.Operation} is held already.");
        }
    }

    /// <summary>What left each pocket. Unchecked: a damaged entry may hold any number.</summary>
    private static Amounts TakenBy(Amounts amounts) => unchecked(new(-amounts.PersonalFen, -amounts.WalletFen, 0, -amounts.QuotaFen));

    private void FoldOutcome(Entry entry)
    {
        if (entry.Kind == EntryKind.Decline)
        {
            return;
        }

        if (!_openHolds.Remove(entry.Operation, out OpenHold hold))
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: a {EntryKinds.ToText(entry.Kind)} of {entry.Operation}, which is not held on this account.");
            _openFen += entry.Amounts.HeldFen;
            return;
        }

        _openFen -= hold.AmountFen;
        if (!hold.AutoAccept)
        {
            _waitingPayees.Remove(hold.Payee);
        }

        bool givesBack = entry.Kind is EntryKind.Void or EntryKind.PaymentAbandoned or EntryKind.DrawVoided;
        Amounts back = givesBack ? entry.Amounts with { HeldFen = 0 } : Amounts.Zero;
        if (entry.Amounts.HeldFen != -hold.AmountFen || (givesBack && !IsBack(entry, hold, back)))
        {
            checks.TransferOutcomes.Violate(
                $"{Name(entry)}: {Text(hold.Taken)} were set aside, the {EntryKinds.ToText(entry.Kind)} has {Text(entry.Amounts)}.");
        }

        EndPart(entry, hold);
    }

    private void CheckPockets(Entry entry)
    {
        checks.Pockets.Count();
        if (entry.Balances.HasNegative)
        {
            checks.Pockets.Violate($"{Name(entry)}: a pocket is negative: {Text(entry.Balances)}.");
        }

        if (entry.Balances.HeldFen != _openFen)
        {
            checks.Pockets.Violate($"{Name(entry)}: {_openFen} fen are in {_openHolds.Count} open hold(s), the balance held is {entry.Balances.HeldFen}.");
            _openFen = entry.Balances.HeldFen;
        }

        CheckQuota(entry);
    }

    private static string Name(Entry entry) => $"account {entry.Account}/{entry.Version}";

    private static string Text(Amounts amounts) => EntryShape.Text(amounts);
}
