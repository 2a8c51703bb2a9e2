using Gongji.Simulation.Oracle;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>A database that forgets something; the properties say what.</summary>
internal sealed class ForgetfulDatabase(ILedgerWatch watch) : SimulatedDatabase(watch)
{
    private readonly HashSet<Guid> _found = [];

    public Func<Entry, bool>? ForgetsLeg { get; init; }

    public bool ForgetsVersion { get; init; }

    public bool ForgetsPrevious { get; init; }

    public bool ForgetsCount { get; init; }

    public bool DropsTail { get; init; }

    public bool MisreadsAmount { get; init; }

    public bool AddsDeltasAgain { get; init; }

    public bool MissesHolds { get; init; }

    public bool GrantsTwice { get; init; }

    public bool ForgesParts { get; init; }

    public bool ForgetsDecisions { get; init; }

    public bool MissesParts { get; init; }

    /// <summary>Changes what an account remembers when it is loaded.</summary>
    public Func<PersonSnapshot, PersonSnapshot>? Changes { get; init; }

    public bool ForgetsOpenDay { get; init; }

    public bool ForgetsPredecessor { get; init; }

    protected override bool Follows(SealedBatch batch, IReadOnlyList<SealedBatch> chain) =>
        (ForgetsPredecessor && batch.IsSuccessor && batch.Sequence == chain.Count + 2) || base.Follows(batch, chain);

    protected override bool IsLate(SealedBatch batch) => !ForgetsOpenDay && base.IsLate(batch);

    protected override long OpenFen(RegionCode region) => GrantsTwice ? 0 : base.OpenFen(region);

    public override CommitResult Commit(SealedBatch batch)
    {
        CommitResult result = base.Commit(batch);
        if (AddsDeltasAgain && result.ChainMoved && ReadChainHead(batch.Chain).Hash.AsSpan().SequenceEqual(batch.Hash))
        {
            AddDeltas(batch);
        }

        return result;
    }

    public override AccountHistory LoadAccount(string account)
    {
        AccountHistory history = base.LoadAccount(account);
        if (DropsTail && history.Snapshot is not null)
        {
            return history with { Entries = [] };
        }

        if (Changes is { } change && ReadEntries(account, 0, int.MaxValue) is { Count: > 0 } all)
        {
            return Snapshots.Of(account, all, change);
        }

        return ForgetsCount && ReadEntries(account, 0, int.MaxValue) is { Count: > 0 } entries ? Snapshots.Of(account, entries, snapshot => snapshot with { TransferDay = 0, TransferCount = 0 }) : history;
    }

    public override IReadOnlyList<Entry> ReadOperation(Guid operation)
    {
        IReadOnlyList<Entry> entries = base.ReadOperation(operation);
        if (ForgesParts && entries is [{ Kind: EntryKind.PaymentOpened, Detail: PaymentTerms terms } opening, ..] && !entries.Any(entry => entry.Leg == Leg.Answer))
        {
            // Parts that were not set aside appear as if they were.
            IReadOnlyList<string> parties = terms.Parties(opening.Account);
            return [opening, .. parties.Select((party, index) => entries.FirstOrDefault(entry => entry.Leg == Legs.Part(index)) ?? opening with { Account = party, Leg = Legs.Part(index), Kind = EntryKind.DrawHeld })];
        }

        if (ForgetsDecisions && entries.Any(entry => entry.Kind == EntryKind.PaymentAbandoned))
        {
            return [.. entries.Where(entry => entry.Leg is not Leg.Answer && !Legs.IsPartOutcome(entry.Leg, out _))];
        }

        return MisreadsAmount && _found.Contains(operation) && entries is [{ Kind: EntryKind.Hold, Detail: HoldTerms { AutoAccept: true } } hold]
            ? [hold with { Amounts = Amounts.Hold(hold.Amounts.PersonalFen < 0 ? TransferSource.Personal : TransferSource.Wallet, hold.Amounts.HeldFen + 1) }]
            : entries;
    }

    public override IReadOnlyList<StoredHold> FindUnfinished(DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit)
    {
        IReadOnlyList<StoredHold> found = base.FindUnfinished(dueBy, interruptedBefore, after, limit);
        if (MisreadsAmount)
        {
            _found.UnionWith(found.Select(hold => hold.Operation));
        }

        return MissesParts ? [.. found.Where(IsNoPart)] : MissesHolds ? [.. found.Where(hold => hold.Operation.ToByteArray()[^1] % 4 != 0)] : found;
    }

    public override HoldPage FindAnswered(DateTimeOffset answeredBefore, Guid after, int scanned)
    {
        HoldPage page = base.FindAnswered(answeredBefore, after, scanned);
        return MissesParts ? page with { Holds = [.. page.Holds.Where(IsNoPart)] } : page;
    }

    private static bool IsNoPart(StoredHold hold) => hold.Leg <= Leg.Opening;

    protected override bool HasLeg(Entry entry) => ForgetsLeg?.Invoke(entry) != true && base.HasLeg(entry);

    protected override bool HasVersion(Entry entry) => !ForgetsVersion && base.HasVersion(entry);

    protected override bool HasPrevious(Entry entry) => ForgetsPrevious || base.HasPrevious(entry);
}
