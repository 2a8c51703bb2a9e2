using Gongji.Ledger.Audit;

namespace Gongji.Ledger.Tests;

/// <summary>
/// A ledger to be damaged. Changes to <see cref="Entries"/> are made before it is sealed, so that hashes and deltas agree with them and only the
/// violated invariant itself can reveal them. Changes to <see cref="Image"/> are made after sealing.
/// </summary>
internal sealed class Damage
{
    private LedgerImage? _image;

    public List<Entry> Entries { get; } = [.. Story.Entries];

    public LedgerImage Image => _image ??= LedgerImage.Of(Entries);

    /// <summary>Audits, and returns the names of the violated invariants and the texts of the violations.</summary>
    public (string Violated, string Texts) Audit()
    {
        AuditReport report = Image.Audit();
        return (
            string.Join(", ", report.Invariants.Where(invariant => invariant.ViolationCount > 0).Select(invariant => invariant.Name)),
            string.Join("\n", report.Invariants.SelectMany(invariant => invariant.Violations)));
    }

    public int IndexOf(Guid operation, Leg leg = Leg.Opening) => Entries.FindIndex(entry => entry.Operation == operation && entry.Leg == leg);

    public Entry Of(Guid operation, Leg leg = Leg.Opening) => Entries[IndexOf(operation, leg)];

    public Entry Of(string account, EntryKind kind) => Entries.First(entry => entry.Account == account && entry.Kind == kind);

    /// <summary>Changes one entry, and nothing that follows from it.</summary>
    public void Change(Entry entry, Func<Entry, Entry> change) => Entries[Entries.IndexOf(entry)] = change(entry);

    public void Change(Guid operation, Leg leg, Func<Entry, Entry> change) => Change(Of(operation, leg), change);

    /// <summary>Changes one entry and every version and balance that follows from it: a forgery that adds up.</summary>
    public void Forge(Guid operation, Leg leg, Func<Entry, Entry> change)
    {
        Change(operation, leg, change);
        AddUp();
    }

    public void Forge(Entry entry, Func<Entry, Entry> change)
    {
        Change(entry, change);
        AddUp();
    }

    /// <summary>Changes an entry in the order by account only.</summary>
    public void ChangeByAccount(Entry entry, Func<Entry, Entry> change) => Image.ByAccount[Image.ByAccount.IndexOf(entry)] = change(entry);

    /// <summary>Changes an entry in every order, after sealing.</summary>
    public void ChangeEverywhere(Entry entry, Func<Entry, Entry> change)
    {
        ChangeByAccount(entry, change);
        List<(Entry Entry, byte[]? Detail)> stored = Image.Batches.Select(batch => batch.Entries).First(entries => entries.Exists(pair => pair.Entry == entry));
        int index = stored.FindIndex(pair => pair.Entry == entry);
        stored[index] = (change(entry), stored[index].Detail);
    }

    /// <summary>Changes the terms of a hold.</summary>
    public void ChangeTerms(Guid hold, Func<HoldTerms, HoldTerms> change) =>
        Change(hold, Leg.Opening, entry => entry with { Detail = change((HoldTerms)entry.Detail!) });

    /// <summary>Changes the limits that a hold recorded.</summary>
    public void ChangeLimits(Guid hold, Func<AppliedLimits, AppliedLimits> change) =>
        ChangeTerms(hold, terms => terms with { Under = change(terms.Under) });

    /// <summary>Removes an entry without a trace.</summary>
    public void Remove(Entry entry)
    {
        Entries.Remove(entry);
        AddUp();
    }

    /// <summary>Adds an entry at the end of its account.</summary>
    public void Add(Entry entry)
    {
        Entries.Add(entry with { At = Story.Entries[^1].At });
        AddUp();
    }

    /// <summary>Recomputes versions and balances of every account from its amounts.</summary>
    public void AddUp()
    {
        Dictionary<string, (long Version, Amounts Balances)> last = [];
        for (int index = 0; index < Entries.Count; index++)
        {
            Entry entry = Entries[index];
            (long version, Amounts balances) = last.GetValueOrDefault(entry.Account);
            last[entry.Account] = (version + 1, balances + entry.Amounts);
            Entries[index] = entry with { Version = version + 1, Balances = balances + entry.Amounts };
        }
    }

    /// <summary>Changes one stored batch.</summary>
    public void ChangeBatch(int index, Func<ImageBatch, ImageBatch> change) => Image.Batches[index] = change(Image.Batches[index]);

    /// <summary>Changes the first entry of a stored batch.</summary>
    public void ChangeStored(int batch, Func<Entry, byte[]?, (Entry, byte[]?)> change)
    {
        (Entry entry, byte[]? detail) = Image.Batches[batch].Entries[0];
        Image.Batches[batch].Entries[0] = change(entry, detail);
    }
}
