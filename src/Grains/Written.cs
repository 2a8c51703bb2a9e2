using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>What became of a command on an account: an entry that is durable or on its way, a refusal, or neither (nothing to do).</summary>
/// <param name="Entry">The entry that was written.</param>
/// <param name="Refusal">Why none was.</param>
/// <param name="IsDuplicate">None was, since the ledger already has this leg of the operation.</param>
/// <param name="Ticket">The entry is on its way: it is not durable before this says so. Null when it is.</param>
internal readonly record struct Written(Entry? Entry, Refusal? Refusal, bool IsDuplicate = false, AppendTicket? Ticket = null)
{
    public static Written Duplicate => new(null, null, IsDuplicate: true);

    public static Written Refused(Refusal refusal) => new(null, refusal);
}

/// <summary>What one look at an account came to.</summary>
/// <param name="State">What was decided on; null when the account is not loaded.</param>
/// <param name="Version">The account's version right after.</param>
/// <param name="Writer">The account's writer then.</param>
/// <param name="RestsOnDurable">All before the entry was durable already.</param>
/// <param name="Entry">The entry that was queued.</param>
/// <param name="Ticket">The entry's.</param>
/// <param name="Refusal">Why the rules allow none.</param>
/// <param name="NotQueued">Why the journal did not take it.</param>
internal readonly record struct Decided(
    PersonState? State, long Version, AccountWriter? Writer, bool RestsOnDurable, Entry? Entry, AppendTicket? Ticket, Refusal? Refusal, AppendOutcome? NotQueued = null);
