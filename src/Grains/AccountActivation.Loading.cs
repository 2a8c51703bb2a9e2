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
        AccountHistory history = await store.LoadAccountAsync(person, CancellationToken.None);
        PersonSnapshot? snapshot = history.Snapshot is { } bytes ? PersonSnapshot.Decode(bytes) : null;
        PersonState state = snapshot is null ? new PersonState(person) : PersonState.FromSnapshot(person, snapshot);
        if (snapshot is null && history.Snapshot is not null)
        {
            // A snapshot is a convenience; entries are the truth.
            logger.SnapshotUnreadable(history.SnapshotVersion);
            await ReplayAsync(state);
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
            (_state, _writer, _loading) = (state, new AccountWriter(person), null);
            _lastStanding = journal.Ground;
            _snapshotVersion = snapshot?.Version ?? 0;
        }
    }

    private async Task ReplayAsync(PersonState state)
    {
        IReadOnlyList<Entry> entries;
        do
        {
            entries = await store.ReadEntriesAsync(person, state.Version, GrainLimits.EntriesPerRead, CancellationToken.None);
            foreach (Entry entry in entries)
            {
                state.Apply(entry);
            }
        }
        while (entries.Count == GrainLimits.EntriesPerRead);
    }
}
