using Gongji.Simulation.Oracle;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>
/// A database that forgets that a transfer went back at 06:00. It misleads either the sweep and accounts that are loaded anew, so that the
/// transfer is returned twice, or whoever accepts it afterwards.
/// </summary>
internal sealed class ReturningDatabase(ILedgerWatch watch, bool acceptsAfterReturn) : SimulatedDatabase(watch)
{
    private readonly Dictionary<Guid, StoredHold> _returned = [];

    public override IReadOnlyList<Entry> ReadOperation(Guid operation)
    {
        IReadOnlyList<Entry> entries = base.ReadOperation(operation);
        if (!_returned.ContainsKey(operation))
        {
            return entries;
        }

        // To an accept, the transfer looks as if it were held until a later day; to a return, as if it were declined and not yet given back.
        Entry hold = entries[0];
        return acceptsAfterReturn && hold.Detail is HoldTerms terms
            ? [hold with { Detail = terms with { ExpiresAt = terms.ExpiresAt.AddDays(30) } }]
            : [.. entries.Where(entry => entry.Leg != Leg.Outcome)];
    }

    public override AccountHistory LoadAccount(string account)
    {
        IReadOnlyList<Entry> entries = ReadEntries(account, 0, int.MaxValue);
        OpenHold[] forgotten = acceptsAfterReturn ? [] :
        [
            .. entries.Where(entry => entry.Kind == EntryKind.Hold && _returned.ContainsKey(entry.Operation)).Select(entry => new OpenHold(
                entry.Operation,
                entry.Amounts.Taken,
                ((HoldTerms)entry.Detail!).Payee,
                AutoAccept: true,
                ((HoldTerms)entry.Detail!).ExpiresAt,
                entry.Version)),
        ];
        return forgotten.Length == 0 ? base.LoadAccount(account) : Snapshots.Of(account, entries, snapshot => snapshot with { OpenHolds = [.. snapshot.OpenHolds, .. forgotten] });
    }

    public override IReadOnlyList<StoredHold> FindUnfinished(DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit) =>
        acceptsAfterReturn ? base.FindUnfinished(dueBy, interruptedBefore, after, limit) : [.. base.FindUnfinished(dueBy, interruptedBefore, after, limit), .. _returned.Values.Take(3)];

    protected override void RemoveHold(Entry outcome, Leg opener)
    {
        if (outcome.Detail is EndTerms { Reason: EndReason.Returned } && Holds.TryGetValue((outcome.Operation, Leg.Opening), out StoredHold? hold))
        {
            _returned[outcome.Operation] = hold;
        }

        base.RemoveHold(outcome, opener);
    }

    protected override bool HasLeg(Entry entry) => !_returned.ContainsKey(entry.Operation) && base.HasLeg(entry);
}
