using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>How the account comes into memory.</content>
internal sealed partial class AccountActivation
{
    /// <summary>Makes sure that a state is there; false when the store cannot be read.</summary>
    private async ValueTask<bool> LoadAsync()
    {
        Task loading;
        lock (_gate)
        {
            if (_state is not null)
            {
                return true;
            }

            // Calls that arrive while it loads wait for the same load.
            loading = IsLoading ? _loading : _loading = LoadFromStoreAsync();
        }

        try
        {
            await loading;
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Under the lock.</summary>
    [MemberNotNullWhen(true, nameof(_loading))]
    private bool IsLoading => _loading is { IsCompleted: false };

    private async Task LoadFromStoreAsync()
    {
        AccountWriter writer = new(person);
        while (journal.LastOf(writer) is { Ended: null } left)
        {
            // Decided by the writer before, and as true as ever: without it this state would be old before anybody has written anything.
            await left.Outcome;
        }

        AccountHistory history = await store.LoadAccountAsync(person, CancellationToken.None);
        PersonSnapshot? snapshot = SnapshotOf(history);
        PersonState state = snapshot is null ? new PersonState(person) : PersonState.FromSnapshot(person, snapshot);
        if (snapshot is null && history.Snapshot is not null)
        {
            // A snapshot is a convenience; entries are the truth.
            await foreach (Entry entry in store.ReadAllEntriesAsync(person))
            {
                state.Apply(entry);
            }
        }
        else
        {
            foreach (Entry entry in history.Entries)
            {
                state.Apply(entry);
            }
        }

        lock (_gate)
        {
            // Whoever finds this state dropped again must not wait for the load that it came from.
            (_state, _writer, _loading) = (state, writer, null);
            _lastStanding = journal.Ground;
            _snapshotVersion = snapshot?.Version ?? 0;
        }
    }

    /// <summary>The snapshot to begin with; null when there is none, or none that the entry of its version agrees with: nothing protects it from changes as the chain does entries.</summary>
    private PersonSnapshot? SnapshotOf(AccountHistory history)
    {
        if (history.Snapshot is not { } bytes)
        {
            return null;
        }

        if (PersonSnapshot.Decode(bytes) is not { } snapshot)
        {
            logger.SnapshotUnreadable(history.SnapshotVersion);
            return null;
        }

        if (history.AtSnapshot is { } entry && snapshot.AgreesWith(entry))
        {
            return snapshot;
        }

        logger.SnapshotRefuted(history.SnapshotVersion);
        return null;
    }
}
