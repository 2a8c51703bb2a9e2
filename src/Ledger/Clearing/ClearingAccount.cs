namespace Gongji.Ledger;

/// <summary>An account of the clearing: the list of its entries. It has no balances, so there is nothing to fold.</summary>
/// <param name="name">See <see cref="ClearingAccounts"/>.</param>
public sealed class ClearingAccount(string name)
{
    private readonly List<Entry> _entries = [];

    public string Name { get; } = name;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The details of one type, in order.</summary>
    public IEnumerable<T> Details<T>()
        where T : EntryDetail => _entries.Select(entry => entry.Detail).OfType<T>();

    /// <summary>Adds the next entry.</summary>
    /// <exception cref="InvalidOperationException">The entry is not the next one of this account: a bug or a damaged store.</exception>
    public void Apply(Entry entry)
    {
        if (entry.Account != Name || entry.Version != _entries.Count + 1)
        {
            throw new InvalidOperationException($"{entry.Account}/{entry.Version} does not follow {Name}/{_entries.Count}.");
        }

        _entries.Add(entry);
    }

    /// <summary>The next entry of the account.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">The id that the caller chose; null when the entry is named by its place.</param>
    /// <param name="now">The time, which never runs backwards on an account.</param>
    /// <param name="detail">Its detail.</param>
    internal Entry Next(EntryKind kind, Guid? id, DateTimeOffset now, EntryDetail detail)
    {
        long version = _entries.Count + 1;
        DateTimeOffset at = BusinessTime.ToMilliseconds(now);
        return new Entry
        {
            Account = Name,
            Version = version,
            Operation = id ?? PersonRules.PlaceId(Name, version),
            Leg = id is null ? Leg.Place : Leg.Opening,
            Kind = kind,
            Amounts = Amounts.Zero,
            Balances = Amounts.Zero,
            At = _entries is [.., { } last] && last.At > at ? last.At : at,
            Detail = detail,
        };
    }
}
