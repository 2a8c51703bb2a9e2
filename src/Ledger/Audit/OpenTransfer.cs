namespace Gongji.Ledger.Audit;

/// <summary>Something that was opened and has no outcome (see <see cref="OpenWork"/>), as the entries tell it or as the index of open holds does.</summary>
public readonly record struct OpenTransfer(Guid Operation, Leg Leg, string Account, DateTimeOffset HeldAt, DateTimeOffset ExpiresAt, bool AutoAccept)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Operation} (leg {(short)Leg}) of {Account}, held {HeldAt:O}, expires {ExpiresAt:O}, {(AutoAccept ? "accepted automatically" : "waiting")}";
}
