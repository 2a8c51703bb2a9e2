namespace Gongji.Ledger.Audit;

/// <summary>Something that was opened and has no outcome (see <see cref="OpenWork"/>), as told by the entries or by the index of open holds.</summary>
public readonly record struct OpenTransfer(Guid Operation, Leg Leg, string Account, DateTimeOffset HeldAt, DateTimeOffset ExpiresAt, bool AutoAccept)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Operation} (leg {(short)Leg}) of {Account}, held {HeldAt:O}, expires {ExpiresAt:O}, {(AutoAccept ? "accepted automatically" : "waiting")}";
}
