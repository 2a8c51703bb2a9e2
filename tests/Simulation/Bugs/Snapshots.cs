namespace Gongji.Simulation.Bugs;

/// <summary>Histories that say something else than the entries.</summary>
internal static class Snapshots
{
    /// <summary>An account folded from its entries and then changed.</summary>
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
