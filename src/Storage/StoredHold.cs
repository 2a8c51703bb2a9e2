using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>A piece of open work, which has no outcome yet, as indexed for sweepers; see <see cref="OpenWork"/>.</summary>
public sealed record StoredHold(Guid Operation, Leg Leg, string Account, DateTimeOffset HeldAt, DateTimeOffset ExpiresAt, bool AutoAccept);
