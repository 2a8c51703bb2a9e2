namespace Gongji.Ledger.Tests;

/// <summary>
/// A ledger in memory: persons that decide by the rules, and the one constraint that a store adds, unique (operation, leg). It orders the two sides of
/// a transfer as a coordinator must: an outcome only after its answer.
/// </summary>
internal sealed partial class MemoryLedger(bool forgetsUniqueness = false)
{
    private readonly Dictionary<string, PersonState> _persons = [];
    private readonly Dictionary<RegionCode, RegionRules> _rules = [];
    private readonly Dictionary<Guid, List<Entry>> _operations = [];

    /// <summary>All entries, in the order in which they were appended.</summary>
    public List<Entry> Entries { get; } = [];

    public DateTimeOffset Now { get; set; } = Given.Noon;

    public PersonState Person(string person)
    {
        if (!_persons.TryGetValue(person, out PersonState? state))
        {
            _persons[person] = state = new PersonState(person);
        }

        return state;
    }

    public IEnumerable<PersonState> Persons => _persons.Values;

    public TransferState? Transfer(Guid id) => _operations.TryGetValue(id, out List<Entry>? entries) ? TransferState.From(entries) : null;

    public RegionRules RulesOf(RegionCode region) => _rules.GetValueOrDefault(region, RegionRules.Default);

    public void SetRules(RegionCode region, RegionRules rules) => _rules[region] = rules;

    public LedgerAnswer Register(string person, RegionCode region, Insurance insurance, InsuranceStatus status = InsuranceStatus.Active) =>
        Append(Person(person), PersonRules.Register(Person(person), new Registration(region, insurance, status), Now));

    public LedgerAnswer OpenWallet(string person, RegionCode place, bool autoAccept = false) =>
        Append(Person(person), PersonRules.OpenWallet(Person(person), new WalletTerms(place, autoAccept), Now));

    public LedgerAnswer Credit(string person, Guid id, long amountFen) =>
        Append(Person(person), PersonRules.Credit(Person(person), new CreditOrder(id, amountFen, "2026-03"), Now));

    public LedgerAnswer Hold(TransferOrder order)
    {
        PersonState payer = Person(order.Payer);
        PersonState payee = Person(order.Payee);
        PayeeStanding standing = new(
            payee.Region, payee.IsRegistered && payee.Status == InsuranceStatus.Active, payee.Wallet is not null, payee.Wallet is { AutoAccept: true });
        return Append(payer, PersonRules.Hold(payer, order, standing, RulesOf(payer.Region), RulesOf(payee.Region), Now));
    }

    public LedgerAnswer Receive(Guid id)
    {
        if (Transfer(id) is not { } transfer)
        {
            return LedgerAnswer.Refused(RefusalCode.NoSuchTransfer);
        }

        PersonState payee = Person(transfer.Terms.Payee);
        ReceiptOrder receipt = new(id, transfer.Payer, transfer.Terms.PayerRegion, transfer.AmountFen, transfer.Terms.ExpiresAt, payee.IsRegistered ? payee.Region : transfer.Terms.PayeeRegion);
        return Append(payee, PersonRules.Receive(payee, receipt, Now));
    }

    public LedgerAnswer Decline(Guid id, EndReason reason)
    {
        if (Transfer(id) is not { } transfer)
        {
            return LedgerAnswer.Refused(RefusalCode.NoSuchTransfer);
        }

        PersonState payee = Person(transfer.Terms.Payee);
        return Append(payee, PersonRules.Decline(payee, id, reason, Now));
    }

    public LedgerAnswer Post(Guid id) => Transfer(id) switch
    {
        null => LedgerAnswer.Refused(RefusalCode.NoSuchTransfer),
        { IsAnswered: true, Reason: null } transfer => Append(Person(transfer.Payer), PersonRules.Post(Person(transfer.Payer), id, Now)),
        _ => LedgerAnswer.Refused(RefusalCode.WrongState),
    };

    public LedgerAnswer Void(Guid id) => Transfer(id) switch
    {
        null => LedgerAnswer.Refused(RefusalCode.NoSuchTransfer),
        { Reason: { } reason } transfer => Append(Person(transfer.Payer), PersonRules.Void(Person(transfer.Payer), id, reason, Now)),
        _ => LedgerAnswer.Refused(RefusalCode.WrongState),
    };

    /// <summary>Sends an outcome to a person's account regardless of whose transfer it is.</summary>
    public LedgerAnswer StrayPost(string person, Guid id) => Append(Person(person), PersonRules.Post(Person(person), id, Now));

    /// <summary>Loads a person anew, as an activation does: from a snapshot, or from all entries.</summary>
    public void Reload(string person, bool fromSnapshot)
    {
        PersonState state = Person(person);
        if (fromSnapshot)
        {
            _persons[person] = PersonState.FromSnapshot(person, PersonSnapshot.Decode(state.ToSnapshot().Encode())!);
            return;
        }

        PersonState folded = new(person);
        foreach (Entry entry in Entries.Where(entry => entry.Account == person))
        {
            folded.Apply(entry);
        }

        _persons[person] = folded;
    }

    private LedgerAnswer Append(PersonState state, Decision decision)
    {
        if (decision.Entry is not { } entry)
        {
            return decision.Refusal is { } refusal ? LedgerAnswer.Refused(refusal.Code) : LedgerAnswer.Nothing;
        }

        List<Entry> operation = _operations.TryGetValue(entry.Operation, out List<Entry>? known) ? known : _operations[entry.Operation] = [];
        if (!forgetsUniqueness && operation.Any(earlier => earlier.Leg == entry.Leg))
        {
            return LedgerAnswer.Duplicate;
        }

        state.Apply(entry);
        operation.Add(entry);
        Entries.Add(entry);
        return LedgerAnswer.Appended(entry);
    }
}

/// <summary>The result of a command.</summary>
internal readonly record struct LedgerAnswer(Entry? Entry, RefusalCode? Refusal, bool IsDuplicate)
{
    /// <summary>Nothing to do: the state is already as requested.</summary>
    public static LedgerAnswer Nothing => default;

    /// <summary>The store has this (operation, leg) already.</summary>
    public static LedgerAnswer Duplicate => new(null, null, true);

    public static LedgerAnswer Refused(RefusalCode code) => new(null, code, false);

    public static LedgerAnswer Appended(Entry entry) => new(entry, null, false);
}
