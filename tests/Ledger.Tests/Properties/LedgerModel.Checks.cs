namespace Gongji.Ledger.Tests;

/// <summary>Checks the invariants on the ledger itself after each entry.</summary>
internal sealed partial class LedgerModel
{
    private readonly HashSet<(Guid, Leg)> _legs = [];
    private readonly Dictionary<string, Amounts> _lastBalances = [];
    private Int128 _ledgerPocketsFen;

    /// <summary>Checks a new entry and its account.</summary>
    public void Check(Entry entry, PersonState state)
    {
        Amounts before = _lastBalances.GetValueOrDefault(entry.Account);
        _lastBalances[entry.Account] = entry.Balances;
        _ledgerPocketsFen += Total(entry.Balances) - Total(before);
        Must(_ledgerPocketsFen - _inTransitFen == _creditsFen, $"1 conservation: {_ledgerPocketsFen} - {_inTransitFen} in transit, credited {_creditsFen}");
        Must(_pocketsFen == _ledgerPocketsFen, $"1 conservation: {_ledgerPocketsFen} in pockets, the model has {_pocketsFen}");
        Must(entry.Balances == before + entry.Amounts, $"2 continuity: {before} and {entry.Amounts} give {entry.Balances}");
        Must(_legs.Add((entry.Operation, entry.Leg)), $"4 outcomes: leg {entry.Leg} of {entry.Operation} again");
        CheckPerson(state);
        ModelPerson person = Person(entry.Account);
        Must(entry.Version == person.Version, $"2 continuity: version {entry.Version}, the model has {person.Version}");
        Must(entry.At.ToUnixTimeMilliseconds() == person.LastMs, $"2 continuity: at {entry.At:O}, the model has {person.LastMs}");
        if (entry.Detail is HoldTerms terms)
        {
            CheckHold(entry, terms);
        }
    }

    /// <summary>Checks an account against the model, and that its held balance equals the sum of its open holds.</summary>
    public void CheckPerson(PersonState state)
    {
        ModelPerson person = Person(state.Person);
        Amounts expected = new(person.PersonalFen, person.WalletFen, person.HeldFen, person.QuotaFen);
        Must(!state.Balances.HasNegative, $"3 pockets: negative {state.Balances}");
        Must(state.Balances == expected, $"3 pockets: {state.Person} has {state.Balances}, the model {expected}");
        Must(state.Balances.HeldFen == state.OpenHolds.Sum(hold => hold.AmountFen), $"3 pockets: held {state.Balances.HeldFen} of {state.Person} is not its open holds");
        Must(
            state.OpenHolds.Select(hold => hold.Id).ToHashSet().SetEquals(_transfers.Where(pair => pair.Value.Payer == state.Person && !pair.Value.Ended).Select(pair => pair.Key)
                .Concat(_parts.Where(part => part.Person == state.Person).Select(part => part.Operation))),
            $"4 outcomes: open holds of {state.Person} are {string.Join(", ", state.OpenHolds.Select(hold => hold.Id))}");
        Must(state.Balances.QuotaFen == state.EarmarkedFen, $"3 pockets: {state.Balances.QuotaFen} earmarked by {state.Person}, the relations have {state.EarmarkedFen}");
        Must(state.Region == person.Region && state.Version == person.Version, $"2 continuity: {state.Person} in {state.Region} at {state.Version}");
    }

    /// <summary>Checks every account.</summary>
    public void CheckAll(MemoryLedger ledger)
    {
        foreach (PersonState state in ledger.Persons)
        {
            CheckPerson(state);
        }

        foreach ((Guid id, ModelTransfer transfer) in _transfers)
        {
            TransferStatus expected = transfer switch
            {
                { Answer: null } => TransferStatus.Held,
                { Answer: EntryKind.Receive } => TransferStatus.Settled,
                { Reason: EndReason.Rejected } => TransferStatus.Rejected,
                { Reason: EndReason.Cancelled } => TransferStatus.Cancelled,
                _ => TransferStatus.Returned,
            };
            Must(ledger.Transfer(id)?.Status == expected, $"4 outcomes: transfer {id} is {ledger.Transfer(id)?.Status}, the model says {expected}");
        }
    }

    private void CheckHold(Entry entry, HoldTerms terms)
    {
        long at = entry.At.ToUnixTimeMilliseconds();
        Must(terms.ExpiresAt.ToUnixTimeMilliseconds() == NextSix(at), $"6 limits: expires {terms.ExpiresAt:O}");
        Must(entry.Amounts.HeldFen is > 0 and var held && held <= terms.Under.MaxFen, $"6 limits: {entry.Amounts.HeldFen} over {terms.Under.MaxFen}");
        Must(Person(entry.Account).TransfersByDay[DayOf(at)] <= terms.Under.PerDay, $"6 limits: over {terms.Under.PerDay} a day");
    }

    private static Int128 Total(Amounts amounts) => (Int128)amounts.PersonalFen + amounts.WalletFen + amounts.HeldFen + amounts.QuotaFen;

    private static void Must(bool holds, string text)
    {
        if (!holds)
        {
            throw new ModelException(text);
        }
    }
}
