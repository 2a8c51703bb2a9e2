using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>What must be certain before an answer is given.</summary>
internal sealed partial class AccountActivation
{
    /// <summary>The answer of a command that changes nothing: a refusal, or a view. Null when its state is not the latest or not durable: the command is decided again.</summary>
    private async ValueTask<Written?> AnswerWithoutEntryAsync(PersonState state, Decided decided, bool isFresh)
    {
        if (decided.Refusal is not null && !journal.IsHealthy)
        {
            // An earlier call of the same command may be in a batch that can still land; this refusal would then be false.
            return Written.Refused(Refusals.Unavailable);
        }

        try
        {
            return await IsLatestAsync(state, decided.Version, isFresh) ? new Written(null, decided.Refusal) : null;
        }
        catch (StoreUnavailableException)
        {
            return Written.Refused(Refusals.Unavailable);
        }
    }

    /// <summary>The answer of a command whose entry did not become durable, as far as is known. Null when nothing was written: the command is decided again.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="outcome">The entry's outcome.</param>
    /// <param name="restedOnDurable">Whether everything that the entry was decided on was durable at the time.</param>
    private async ValueTask<Written?> AnswerNotWrittenAsync(Entry entry, AppendOutcome outcome, bool restedOnDurable) => outcome switch
    {
        // Another activation of this account was first: nobody else can take an account's place.
        AppendOutcome.Duplicate when entry.Leg == Leg.Place => null,
        AppendOutcome.Duplicate => Written.Duplicate,
        AppendOutcome.Stale => await IsInLedgerAsync(entry) switch
        {
            null => Written.Refused(Refusals.Unavailable),
            true => Written.Duplicate,
            false => null,
        },
        AppendOutcome.Unavailable => Written.Refused(Refusals.Unavailable),

        // Decided on entries that were not durable yet, perhaps the very one that made the cap apply: decide again when those have ended.
        AppendOutcome.OverCap when !restedOnDurable => null,
        AppendOutcome.OverCap => Written.Refused(Refusals.OverCap(Escrow.Debits(Deltas.Of(entry)).Keys)),
        _ => Written.Refused(Refusals.Unknown),
    };

    /// <summary>
    /// Whether a leg that failed because an earlier entry failed is itself a repeat. Without this check, many repeats in flight on one account would be
    /// discovered one at a time, each failing all entries behind it. Null when the ledger cannot be read.
    /// </summary>
    private async Task<bool?> IsInLedgerAsync(Entry entry)
    {
        if (entry.Leg == Leg.Place)
        {
            return false;
        }

        try
        {
            return (await store.ReadOperationAsync(entry.Operation, CancellationToken.None)).Any(there => there.Leg == entry.Leg);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the version that an answer rests on is durable, and was the account's last at some moment since the question arrived. A refusal or
    /// a view appends nothing, so no conflict would reveal that a second activation has written in the meantime: the ledger has to be asked.
    /// </summary>
    /// <param name="state">The state that the answer was taken from.</param>
    /// <param name="version">The state's version at that moment.</param>
    /// <param name="isFresh">Whether the state was loaded for this question, by a load that began after the question arrived.</param>
    private async Task<bool> IsLatestAsync(PersonState state, long version, bool isFresh)
    {
        if (await LastOutcomeAsync() != AppendOutcome.Durable)
        {
            return false;
        }

        // If this activation has appended since, its next entry becoming durable proves the same; so a busy account needs no query.
        if (!isFresh && IsAt(state, version))
        {
            IReadOnlyList<Entry> later = await store.ReadEntriesAsync(person, version, 1, CancellationToken.None);
            if (later.Count > 0 && IsAt(state, version))
            {
                return false;
            }
        }

        return await LastOutcomeAsync() == AppendOutcome.Durable && IsAt(state, null);
    }

    /// <summary>Whether a state is still the account's current one and, when a version is given, still at that version.</summary>
    private bool IsAt(PersonState state, long? version)
    {
        lock (_gate)
        {
            return ReferenceEquals(_state, state) && (version is null || state.Version == version);
        }
    }

    /// <summary>The outcome of the last entry of this account that was queued.</summary>
    private Task<AppendOutcome> LastOutcomeAsync() => (Writer is { } writer ? journal.LastOf(writer) : journal.Ground).Outcome;
}
