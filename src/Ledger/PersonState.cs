namespace Gongji.Ledger;

/// <summary>
/// An insured person's account in memory: the fold of its entries. The rules are in <see cref="PersonRules"/>; this type only
/// remembers. One writer at a time; not thread-safe.
/// </summary>
public sealed partial class PersonState
{
    public PersonState(string person) => Person = person;

    public string Person { get; }

    /// <summary>The version of the last entry; 0 before the first.</summary>
    public long Version { get; private set; }

    public bool IsRegistered => Version > 0;

    public RegionCode Region { get; private set; }

    public Insurance Insurance { get; private set; }

    public InsuranceStatus Status { get; private set; }

    /// <summary>The wallet's terms; null while it is not open.</summary>
    public WalletTerms? Wallet { get; private set; }

    public Amounts Balances { get; private set; }

    /// <summary>When the last entry was decided.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The business day that <see cref="TransfersOn"/> counts.</summary>
    public DateOnly TransferDay { get; private set; }

    private int TransferCount { get; set; }

    /// <summary>Transfers held on a business day, whatever became of them.</summary>
    public int TransfersOn(DateOnly day) => day == TransferDay ? TransferCount : 0;

    /// <summary>
    /// The time of the next entry. Time never runs backwards on one account, even when a grain moves between silos whose clocks
    /// differ: otherwise a limit per day could be counted on two days.
    /// </summary>
    public DateTimeOffset TimeFor(DateTimeOffset now)
    {
        DateTimeOffset at = BusinessTime.ToMilliseconds(now);
        return at > LastAt ? at : LastAt;
    }

    /// <summary>Applies the next entry.</summary>
    /// <exception cref="InvalidOperationException">The entry is not the next one of this account: a bug or a damaged store.</exception>
    public void Apply(Entry entry)
    {
        if (entry.Account != Person || entry.Version != Version + 1)
        {
            throw new InvalidOperationException($"{PlaceOf(entry)} does not follow version {Version} of this account.");
        }

        switch (entry.Kind)
        {
            case EntryKind.Registered or EntryKind.InsuranceChanged or EntryKind.Moved:
                Registration registration = DetailOf<Registration>(entry);
                EndRelations(entry, registration);
                (Region, Insurance, Status) = (registration.Region, registration.Insurance, registration.Status);
                break;
            case EntryKind.WalletOpened or EntryKind.WalletChanged:
                Wallet = DetailOf<WalletTerms>(entry);
                break;
            case EntryKind.WalletClosed:
                Wallet = null;
                break;
            case EntryKind.Hold:
                AddHold(entry, DetailOf<HoldTerms>(entry));
                break;
            case EntryKind.Post or EntryKind.Void:
                RemoveHold(entry);
                break;
            case EntryKind.Credit or EntryKind.Receive or EntryKind.Decline or EntryKind.RefundDone or EntryKind.ContributionKept:
                break;
            case >= EntryKind.Paid and <= EntryKind.PaymentAbandoned:
                ApplyPayment(entry);
                break;
            case >= EntryKind.DrawHeld and <= EntryKind.DrawVoided:
                ApplyDraw(entry);
                break;
            case EntryKind.ContributionClaimed or EntryKind.ContributionDropped or EntryKind.ContributionReleased:
                ApplyContribution(entry, DetailOf<ContributionTerms>(entry).Contribution);
                break;
            case EntryKind.Refunded or EntryKind.RefundOpened or EntryKind.CreditCorrected or EntryKind.DrawRefunded:
                ApplyReversal(entry);
                break;
            case >= EntryKind.RelationProposed and <= EntryKind.RelativesOrdered:
                ApplyRelation(entry);
                break;
            default:
                throw new InvalidOperationException($"{PlaceOf(entry)} has the unknown kind {entry.Kind}.");
        }

        Balances = entry.Balances;
        Version = entry.Version;
        LastAt = entry.At;
    }

    /// <summary>The state as a snapshot keeps it.</summary>
    public PersonSnapshot ToSnapshot() => new(
        Version,
        new Registration(Region, Insurance, Status),
        Wallet,
        Balances,
        LastAt,
        TransferDay.DayNumber,
        TransferCount,
        [.. OpenHolds],
        ToFamilySnapshot());

    /// <summary>The state that a snapshot kept; the entries after it still have to be applied.</summary>
    public static PersonState FromSnapshot(string person, PersonSnapshot snapshot)
    {
        PersonState state = new(person)
        {
            Version = snapshot.Version,
            Region = snapshot.Registration.Region,
            Insurance = snapshot.Registration.Insurance,
            Status = snapshot.Registration.Status,
            Wallet = snapshot.Wallet,
            Balances = snapshot.Balances,
            LastAt = snapshot.LastAt,
            TransferDay = DateOnly.FromDayNumber(snapshot.TransferDay),
            TransferCount = snapshot.TransferCount,
        };
        foreach (OpenHold hold in snapshot.OpenHolds)
        {
            state.Put(hold, snapshot.Version);
        }

        state.TakeFamily(snapshot.Family);
        return state;
    }

    private static T DetailOf<T>(Entry entry)
        where T : EntryDetail =>
        entry.Detail as T ?? throw LacksDetail(entry);

    private static InvalidOperationException LacksDetail(Entry entry) => new($"{PlaceOf(entry)} of kind {entry.Kind} lacks its detail.");

    /// <summary>An entry as the text of an exception names it. Exceptions are logged, so the person is left out.</summary>
    private static string PlaceOf(Entry entry) => $"Operation {entry.Operation}: version {entry.Version}";
}
