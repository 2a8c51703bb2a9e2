using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>What has to be certain before it is answered.</summary>
internal sealed partial class AccountActivation
{
    /// <summary>The answer of a command that changes nothing: a refusal, or what was looked at. Null when it rests on a state that is not the latest, or not durable: it is decided again.</summary>
    private async ValueTask<Written?> AnswerWithoutEntryAsync(PersonState state, Decided decided, bool isFresh)
    {
        if (decided.Refusal is not null && !journal.IsHealthy)
        {
            // An earlier call of this very command may be in a batch that can still land: then the refusal would not have been the truth.
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

    /// <summary>The answer of a command whose entry did not become durable, as far as is known. Null: nothing of it is written, and it is decided again.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="restedOnDurable">Whether all that it was decided on was durable.</param>
    private async ValueTask<Written?> AnswerNotWrittenAsync(Entry entry, AppendOutcome outcome, bool restedOnDurable) => outcome switch
    {
        // Another activation was first: a place can be taken by nobody else.
        AppendOutcome.Duplicate when entry.Leg == Leg.Place => null,
        AppendOutcome.Duplicate => Written.Duplicate,
        AppendOutcome.Stale => await IsInLedgerAsync(entry) switch
        {
            null => Written.Refused(Refusals.Unavailable),
            true => Written.Duplicate,
            false => null,
        },
        AppendOutcome.Unavailable => Written.Refused(Refusals.Unavailable),

        // Decided on entries that were not durable then, perhaps the very one that made the cap matter: it lets them go first.
        AppendOutcome.OverCap when !restedOnDurable => null,
        AppendOutcome.OverCap => Written.Refused(Refusals.OverCap(Escrow.Debits(Deltas.Of(entry)).Keys)),
        _ => Written.Refused(Refusals.Unknown),
    };

    /// <summary>
    /// Whether a leg that an earlier entry's failure took along is itself a repeat. Many repeats in flight on one account would else find out
    /// one at a time, each taking all that follow it along. Null when the ledger cannot be read.
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
    /// Whether a version that an answer rests on is durable, and was the account's last one at some moment since the question came. A refusal or
    /// a view appends nothing, so no conflict would ever tell that a second activation has written meanwhile: the ledger is asked.
    /// </summary>
    /// <param name="state">The state that was looked at.</param>
    /// <param name="version">Its version then.</param>
    /// <param name="isFresh">It was loaded for this very question, from after it came.</param>
    private async Task<bool> IsLatestAsync(PersonState state, long version, bool isFresh)
    {
        if (await LastOutcomeAsync() != AppendOutcome.Durable)
        {
            return false;
        }

        // An entry of this activation that became durable right after the version proves it as well; so a busy account asks nothing.
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

    /// <summary>Whether a state is still the account's, and, when asked, still at a version.</summary>
    private bool IsAt(PersonState state, long? version)
    {
        lock (_gate)
        {
            return ReferenceEquals(_state, state) && (version is null || state.Version == version);
        }
    }

    /// <summary>What becomes of the last entry of this account that was queued.</summary>
    private Task<AppendOutcome> LastOutcomeAsync() => (Writer is { } writer ? journal.LastOf(writer) : journal.Ground).Outcome;
}
