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
