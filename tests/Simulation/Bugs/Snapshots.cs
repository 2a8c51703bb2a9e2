namespace Gongji.Simulation.Bugs;

/// <summary>Account histories that differ from the entries.</summary>
internal static class Snapshots
{
    /// <summary>Folds an account from its entries and then changes the result.</summary>
    public static AccountHistory Of(string account, IReadOnlyList<Entry> entries, Func<PersonSnapshot, PersonSnapshot> change)
    {
        PersonState state = new(account);
        foreach (Entry entry in entries)
        {
            state.Apply(entry);
        }

        return new AccountHistory(change(state.ToSnapshot()).Encode(), state.Version, entries[^1], []);
    }
}
