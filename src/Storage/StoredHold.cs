namespace Gongji.Storage;

/// <summary>A hold without outcome, as indexed for sweepers.</summary>
public sealed record StoredHold(Guid Operation, string Account, DateTimeOffset HeldAt, DateTimeOffset ExpiresAt, bool AutoAccept);
