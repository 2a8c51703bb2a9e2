using Gongji.Simulation.Oracle;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>A database that forgets one thing or another.</summary>
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

    public bool ForgetsOpenDay { get; init; }

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

        return ForgetsCount && ReadEntries(account, 0, int.MaxValue) is { Count: > 0 } entries ? Snapshots.Of(account, entries, snapshot => snapshot with { TransferDay = 0, TransferCount = 0 }) : history;
    }

    public override IReadOnlyList<Entry> ReadOperation(Guid operation)
    {
        IReadOnlyList<Entry> entries = base.ReadOperation(operation);
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

        return MissesHolds ? [.. found.Where(hold => hold.Operation.ToByteArray()[^1] % 4 != 0)] : found;
    }

    protected override bool HasLeg(Entry entry) => ForgetsLeg?.Invoke(entry) != true && base.HasLeg(entry);

    protected override bool HasVersion(Entry entry) => !ForgetsVersion && base.HasVersion(entry);

    protected override bool HasPrevious(Entry entry) => ForgetsPrevious || base.HasPrevious(entry);
}
