namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks that snapshots are what the entries up to their versions make (invariant 9): the hash chain does not protect them from being changed. It is fed every entry by account,
/// then version, and each snapshot before the entries of its account. Memory: one account's state.
/// </summary>
public sealed class SnapshotAuditor(InvariantChecks checks)
{
    private string? _seen;
    private string? _account;
    private long _version;
    private PersonSnapshot? _snapshot;
    private PersonState? _fold;
    private bool _isMet;

    /// <summary>Begins a snapshot. The entries of its account come next, if it has any.</summary>
    /// <param name="account">The snapshot's account.</param>
    /// <param name="version">Its version, as stored.</param>
    /// <param name="state">The snapshot. If it cannot be read, nothing uses it, so it violates nothing.</param>
    public void Begin(string account, long version, ReadOnlySpan<byte> state)
    {
        Complete();
        (_account, _version, _snapshot) = (account, version, PersonSnapshot.Decode(state));
        _fold = _snapshot is not null && !ClearingAccounts.Is(account) ? new PersonState(account) : null;
    }

    /// <summary>Checks the next entry.</summary>
    public void Add(Entry entry)
    {
        if (entry.Account != _seen)
        {
            _seen = entry.Account;
            checks.Snapshots.Count();
        }

        if (entry.Account != _account || entry.Version > _version)
        {
            return;
        }

        Fold(entry);
        if (entry.Version == _version)
        {
            _isMet = true;
            Compare(entry);
        }
    }

    /// <summary>Completes the account. To be called once more after every entry and snapshot.</summary>
    public void Complete()
    {
        if (_account is not null && !_isMet)
        {
            checks.Snapshots.Count(_account == _seen ? 0 : 1);
            checks.Snapshots.Violate($"{Name}: there is no entry of that version.");
        }

        (_account, _version, _snapshot, _fold, _isMet) = (null, 0, null, null, false);
    }

    private string Name => $"snapshot of {_account}/{_version}";

    private void Fold(Entry entry)
    {
        try
        {
            _fold?.Apply(entry);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Damaged entries are violations by themselves; then only the balances of the state are known.
            _fold = null;
        }
    }

    private void Compare(Entry entry)
    {
        if (_snapshot is null)
        {
            return;
        }

        if (_snapshot.Balances != entry.Balances)
        {
            checks.Snapshots.Violate($"{Name}: balances {EntryShape.Text(entry.Balances)} were expected, as its entry has them, {EntryShape.Text(_snapshot.Balances)} are there.");
        }
        else if (_fold is { } fold && _snapshot.DifferencesTo(fold.ToSnapshot()) is { Count: > 0 } differences)
        {
            checks.Snapshots.Violate($"{Name}: {string.Join(", ", differences)} should be what the entries make of it, and {(differences.Count == 1 ? "is" : "are")} not.");
        }
    }
}
