using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <summary>The grain that an activation of an account runs on.</summary>
internal interface IAccountGrain
{
    /// <summary>Leaves memory as soon as nothing runs on it.</summary>
    void Leave();
}

/// <summary>
/// One activation's hold on its account: the state in memory, which may be ahead of the disk, and the right to append. Whatever it answers,
/// also a refusal or a view, it first waits until everything that the answer rests on is durable.
/// </summary>
/// <remarks>
/// Thread-safe. Its grain's turns are not the only ones: inside a silo a transfer's legs come straight from the transfer grain's. So each look at the state, each
/// decision with its entry, and each change of what is known of the account is under one lock, in which nothing is waited for and no other account's lock is taken.
/// </remarks>
internal sealed partial class AccountActivation(
    string person, IAccountGrain grain, IJournal journal, ILedgerStore store, LedgerClock clock, LocalPersons persons, LocalPerson here, ILogger logger)
{
    private readonly Lock _gate = new();
    private PersonState? _state;
    private AccountWriter? _writer;
    private Task? _loading;
    private AppendTicket _lastStanding = journal.Ground;

    /// <summary>What this silo shows of the person; null when it does not.</summary>
    private volatile StandingView? _shown;
    private long _snapshotVersion;

    /// <summary>The grain is leaving, or was made to leave: what still runs may write, but there is nothing to end any more.</summary>
    private bool _isClosed;

    /// <summary>Decides a command and makes its entry durable. Decides again when another writer was first.</summary>
    /// <param name="decide">The rule. It may run more than once.</param>
    /// <param name="capture">Called right after with the state that the answer is about.</param>
    /// <param name="after">
    /// The entry that this one may not be written without. When given, the caller sees to what becomes of this one too: it is answered as soon as
    /// it is queued, with its ticket. Null: it rests on nothing, and the answer is durable.
    /// </param>
    public async ValueTask<Written> WriteAsync(
        Func<PersonState, DateTimeOffset, Decision> decide, Action<PersonState>? capture = null, AppendTicket? after = null)
    {
        bool waits = false;
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            (AccountWriter? loaded, bool isLoading) = Now;

            // A load that had begun before this call may have read the ledger before another caller's entry became durable: it does not prove that nothing newer was answered.
            bool isFresh = loaded is null && !isLoading;
            if (loaded is null && !await LoadAsync())
            {
                return Written.Refused(Refusals.Unavailable);
            }

            if (waits)
            {
                await LastOutcomeAsync();
            }

            if (after is not null)
            {
                if ((loaded ?? Writer) is not { } current)
                {
                    continue;
                }

                if ((after.Ended is not null || !journal.CanFollow(current, after)) && await after.Outcome != AppendOutcome.Durable)
                {
                    return Written.Refused(Refusals.Unavailable);
                }
            }

            Decided decided = Decide(decide, capture, after);
            if (decided is not { State: { } state, Writer: { } writer })
            {
                continue;
            }

            if (decided.NotQueued is { } why)
            {
                if (why == AppendOutcome.Unavailable)
                {
                    return Written.Refused(Refusals.Unavailable);
                }

                Drop(writer);
                continue;
            }

            if (decided is not { Entry: { } entry, Ticket: { } ticket })
            {
                if (await AnswerWithoutEntryAsync(state, decided, isFresh) is { } answer)
                {
                    return answer;
                }

                Drop(writer);
                continue;
            }

            if (after is not null)
            {
                return new Written(entry, null, Ticket: ticket);
            }

            // Waited for here and not in a method of its own, which would be an object more for each entry.
            AppendOutcome outcome = await ticket.Outcome;
            if (outcome == AppendOutcome.Durable)
            {
                return new Written(entry, null);
            }

            Drop(writer);
            if (await AnswerNotWrittenAsync(entry, outcome, decided.RestsOnDurable) is { } failed)
            {
                return failed;
            }

            waits |= outcome == AppendOutcome.OverCap;
        }

        logger.AccountContended(GrainLimits.Attempts);
        return Written.Refused(Refusals.Unavailable);
    }

    /// <summary>Decides on the state as it is, and queues the entry.</summary>
    private Decided Decide(Func<PersonState, DateTimeOffset, Decision> decide, Action<PersonState>? capture, AppendTicket? after)
    {
        lock (_gate)
        {
            if (_state is not { } state || _writer is not { } writer)
            {
                return default;
            }

            Decision decision = decide(state, clock.Now);
            if (decision.Entry is not { } entry)
            {
                capture?.Invoke(state);
                return new Decided(state, state.Version, writer, false, null, null, decision.Refusal);
            }

            bool restsOnDurable = writer.IsSettled;
            if (!journal.TryAppend(writer, entry, after ?? journal.Ground, out AppendTicket? ticket, out AppendOutcome refusal))
            {
                return new Decided(state, state.Version, writer, restsOnDurable, null, null, null, refusal);
            }

            Take(state, entry, ticket);
            capture?.Invoke(state);
            return new Decided(state, state.Version, writer, restsOnDurable, entry, ticket, null);
        }
    }

    /// <summary>
    /// Reads what only rare entries change (region, insurance, wallet), waiting only for those: a recipient whose money never stops
    /// arriving must not make every giver wait for a commit. Shows it on this silo from then on.
    /// </summary>
    public ValueTask<Reply<StandingView>> ReadStandingAsync() => _shown is { } shown
        ? new ValueTask<Reply<StandingView>>(Reply.Of(shown))
        : new ValueTask<Reply<StandingView>>(LookAtStandingAsync());

    private async Task<Reply<StandingView>> LookAtStandingAsync()
    {
        for (int attempt = 0; attempt < GrainLimits.Attempts && await LoadAsync(); attempt++)
        {
            if (LookAtStanding() is not { } look)
            {
                continue;
            }

            if (look.Last.Ended == AppendOutcome.Durable || await look.Last.Outcome == AppendOutcome.Durable)
            {
                Show(look);
                return look.Reply;
            }

            Drop(look.Writer);
        }

        return Reply.Refused<StandingView>(Refusals.Unavailable);
    }

    private StandingLook? LookAtStanding()
    {
        lock (_gate)
        {
            return _state is { } state && _writer is { } writer ? new StandingLook(StandingOf(state), state, writer, _lastStanding) : null;
        }
    }

    /// <summary>Shows what was looked at, unless somebody has changed it, or dropped it, since.</summary>
    private void Show(StandingLook look)
    {
        lock (_gate)
        {
            if (!look.Reply.IsRefused && !_isClosed && ReferenceEquals(_state, look.State) && ReferenceEquals(_lastStanding, look.Last))
            {
                here.Standing = _shown = look.Reply.Value;
            }
        }
    }

    private sealed record StandingLook(Reply<StandingView> Reply, PersonState State, AccountWriter Writer, AppendTicket Last);

    private void Withdraw()
    {
        _shown = null;
        persons.Withdraw(here);
    }

    private static Reply<StandingView> StandingOf(PersonState state) => state.IsRegistered
        ? Reply.Of(new StandingView(state.Region.ToString(), state.Status == InsuranceStatus.Active, state.Wallet is not null, state.Wallet?.AutoAccept ?? false))
        : Reply.Refused<StandingView>(RefusalCode.NoSuchPerson, $"There is no person {state.Person}.");

    /// <summary>
    /// Looks at the state as it is in memory, also ahead of the disk: a hint, on which nothing may rest.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The account cannot be loaded: nothing is known of it, which is not the same as that there is nothing.</exception>
    public async ValueTask<T> PeekAsync<T>(Func<PersonState, T> read)
    {
        if (Writer is { IsPoisoned: true } writer)
        {
            // What it holds has failed, and nobody has written since to find out.
            Drop(writer);
        }

        // Somebody may drop the state right after it was loaded: then it is loaded again.
        for (int attempt = 0; attempt < GrainLimits.Attempts && await LoadAsync(); attempt++)
        {
            lock (_gate)
            {
                if (_state is { } state)
                {
                    return read(state);
                }
            }
        }

        throw new StoreUnavailableException("The account cannot be loaded.");
    }

    /// <summary>
    /// Of an account that goes to sleep: waits until nothing of it is on its way, so that its next activation finds it all in the ledger, and
    /// writes a snapshot behind when enough has happened since the last one.
    /// </summary>
    public async Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            Withdraw();
        }

        await persons.LeaveAsync(person, here);
        while (VersionNow is { } version)
        {
            if (await LastOutcomeAsync() != AppendOutcome.Durable)
            {
                return;
            }

            lock (_gate)
            {
                if (_state is { } state && state.Version == version)
                {
                    if (version - _snapshotVersion >= GrainLimits.EntriesForLastSnapshot)
                    {
                        journal.OfferSnapshot(new AccountSnapshot(person, version, state.ToSnapshot().Encode()));
                    }

                    return;
                }
            }
        }
    }

    /// <summary>The version of the state in memory; null when there is none.</summary>
    private long? VersionNow
    {
        get
        {
            lock (_gate)
            {
                return _state?.Version;
            }
        }
    }

    private AccountWriter? Writer => Now.Writer;

    private (AccountWriter? Writer, bool IsLoading) Now
    {
        get
        {
            lock (_gate)
            {
                return (_writer, IsLoading);
            }
        }
    }

    private void Take(PersonState state, Entry entry, AppendTicket ticket)
    {
        state.Apply(entry);
        if (entry.Kind is EntryKind.Registered or EntryKind.InsuranceChanged or EntryKind.Moved or EntryKind.WalletOpened or EntryKind.WalletChanged or EntryKind.WalletClosed)
        {
            _lastStanding = ticket;
            Withdraw();
        }

        if (state.Version - _snapshotVersion >= Limits.EntriesPerSnapshot)
        {
            _snapshotVersion = state.Version;
            _ = OfferSnapshotAsync(new AccountSnapshot(person, state.Version, state.ToSnapshot().Encode()), ticket);
        }
    }

    private async Task OfferSnapshotAsync(AccountSnapshot snapshot, AppendTicket ticket)
    {
        if (await ticket.Outcome == AppendOutcome.Durable)
        {
            journal.OfferSnapshot(snapshot);
        }
    }

    /// <summary>Forgets a state that is not true, and asks for this activation to end: another one may be the rightful one.</summary>
    private void Drop(AccountWriter writer)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_writer, writer))
            {
                return;
            }

            (_state, _writer) = (null, null);
            _lastStanding = journal.Ground;
            Withdraw();
            if (_isClosed)
            {
                return;
            }
        }

        grain.Leave();
    }
}
