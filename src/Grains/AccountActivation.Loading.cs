using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>How the account is loaded into memory.</content>
internal sealed partial class AccountActivation
{
    /// <summary>Makes sure that the state is loaded; false when the store cannot be read.</summary>
    private async ValueTask<bool> LoadAsync()
    {
        Task loading;
        lock (_gate)
        {
            if (_state is not null)
            {
                return true;
            }

            // Calls that arrive during a load wait for the same load.
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

    /// <summary>Read under the lock.</summary>
    [MemberNotNullWhen(true, nameof(_loading))]
    private bool IsLoading => _loading is { IsCompleted: false };

    private async Task LoadFromStoreAsync()
    {
        AccountWriter writer = new(person);
        while (journal.LastOf(writer) is { Ended: null } left)
        {
            // The previous writer decided this entry, and it still stands. A state loaded without it would be stale before anybody has written anything.
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
            // _loading is cleared along with this: a caller that finds this state dropped again must start a new load, not wait for the one that produced it.
            (_state, _writer, _loading) = (state, writer, null);
            _lastStanding = journal.Ground;
            _snapshotVersion = snapshot?.Version ?? 0;
        }
    }

    /// <summary>The snapshot to begin with. Null when there is none, or the entry of its version disagrees with it: the chain protects entries, but not snapshots.</summary>
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
