using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>The result of a command on an account: an entry that is durable or on its way, a refusal, or neither (nothing to do).</summary>
/// <param name="Entry">The entry that was written.</param>
/// <param name="Refusal">Why no entry was written.</param>
/// <param name="IsDuplicate">No entry was written because the ledger already has this leg of the operation.</param>
/// <param name="Ticket">The entry is on its way and not durable until this ticket says so. Null when it is durable.</param>
internal readonly record struct Written(Entry? Entry, Refusal? Refusal, bool IsDuplicate = false, AppendTicket? Ticket = null)
{
    public static Written Duplicate => new(null, null, IsDuplicate: true);

    public static Written Refused(Refusal refusal) => new(null, refusal);
}

/// <summary>The result of one decision on an account.</summary>
/// <param name="State">The state that was decided on; null when the account is not loaded.</param>
/// <param name="Version">The account's version right after the decision.</param>
/// <param name="Writer">The account's writer at that moment.</param>
/// <param name="RestsOnDurable">Whether everything before the entry was already durable.</param>
/// <param name="Entry">The entry that was queued.</param>
/// <param name="Ticket">The entry's ticket.</param>
/// <param name="Refusal">Why the rules allow no entry.</param>
/// <param name="NotQueued">Why the journal did not take the entry.</param>
internal readonly record struct Decided(
    PersonState? State, long Version, AccountWriter? Writer, bool RestsOnDurable, Entry? Entry, AppendTicket? Ticket, Refusal? Refusal, AppendOutcome? NotQueued = null);
