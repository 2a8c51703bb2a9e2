namespace Gongji.Ledger.Audit;

/// <summary>A hold that has no outcome, as the entries tell it or as the index of open holds does.</summary>
public readonly record struct OpenTransfer(Guid Operation, string Account, DateTimeOffset HeldAt, DateTimeOffset ExpiresAt, bool AutoAccept)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Operation} of {Account}, held {HeldAt:O}, expires {ExpiresAt:O}, {(AutoAccept ? "accepted automatically" : "waiting")}";
}
