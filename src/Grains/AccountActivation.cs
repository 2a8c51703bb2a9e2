using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <summary>The grain that an account's activation runs on.</summary>
internal interface IAccountGrain
{
    /// <summary>Leaves memory as soon as nothing runs on the grain.</summary>
    void Leave();
}

/// <summary>
/// One activation's hold on its account: the state in memory, which may be ahead of the disk, and the right to append. Before it gives any answer,
/// including a refusal or a view, it waits until everything that the answer rests on is durable.
/// </summary>
/// <remarks>
/// Thread-safe. Calls do not only come on its own grain's turns: inside a silo, the transfer grain calls a transfer's legs directly. So every look at the state, every
/// decision with its entry, and every change to what is known of the account happens under one lock. Code under the lock never waits and never takes another account's lock.
/// </remarks>
internal sealed partial class AccountActivation(
    string person, IAccountGrain grain, IJournal journal, ILedgerStore store, LedgerClock clock, LocalPersons persons, LocalPerson here, ILogger logger)
{
    private readonly Lock _gate = new();
    private PersonState? _state;
    private AccountWriter? _writer;
    private Task? _loading;
    private AppendTicket _lastStanding = journal.Ground;

    /// <summary>What this silo shows of the person; null when it shows nothing.</summary>
    private volatile StandingView? _shown;
    private long _snapshotVersion;

    /// <summary>The grain is leaving memory: calls that still run may write, but there is no activation left to end.</summary>
    private bool _isClosed;

    /// <summary>Decides a command and makes its entry durable. Decides again when another writer was first.</summary>
    /// <param name="decide">The rule. It may run more than once.</param>
    /// <param name="capture">Called right after the decision, with the state that the answer describes.</param>
    /// <param name="after">
    /// The entry without which this one must not be written. When given, the method returns as soon as this entry is queued, with its ticket, and the
    /// caller is responsible for its outcome. Null: the entry depends on no other, and the answer is durable.
    /// </param>
    public async ValueTask<Written> WriteAsync(
        Func<PersonState, DateTimeOffset, Decision> decide, Action<PersonState>? capture = null, AppendTicket? after = null)
    {
        bool waits = false;
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            (AccountWriter? loaded, bool isLoading) = Now;

            // A load that began before this call may have read the ledger before another caller's entry became durable. It does not prove that nothing newer was answered.
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

            // Awaited here rather than in a method of its own, which would allocate one more object for each entry.
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

    /// <summary>Decides on the current state and queues the entry.</summary>
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
    /// Reads what only rare entries change (region, insurance, wallet), and waits only for those entries: a recipient who receives money
    /// continuously must not make every giver wait for a commit. From then on this silo shows the standing.
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

    /// <summary>Shows the standing that was read, unless it has been changed or the state has been dropped since.</summary>
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
    /// Reads the state as it is in memory, possibly ahead of the disk: a hint, on which nothing may rest.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The account cannot be loaded. That means nothing is known of it, not that it is empty.</exception>
    public async ValueTask<T> PeekAsync<T>(Func<PersonState, T> read)
    {
        if (Writer is { IsPoisoned: true } writer)
        {
            // An entry in this state has failed, and no call has written since and found out.
            Drop(writer);
        }

        // Another call may drop the state right after it was loaded; then it is loaded again.
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
    /// Called when the account's grain leaves memory: waits until none of its entries is on its way, so that the next activation finds them all in the ledger, and
    /// queues a snapshot when there have been enough entries since the last one.
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

    /// <summary>Forgets a state that is not true, and asks for this activation to end: another activation may be the rightful one.</summary>
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
