using Gongji.Ledger.Audit;

namespace Gongji.Ledger.Tests;

public sealed class SnapshotAuditorTests
{
    private static readonly IReadOnlyList<IGrouping<string, Entry>> Accounts = [.. Story.Entries.GroupBy(entry => entry.Account).Where(account => !ClearingAccounts.Is(account.Key))];

    /// <summary>This includes snapshots made by a state that was itself loaded from one, in which orders may differ.</summary>
    [Fact]
    public void Snapshot_of_any_version_is_what_the_entries_make()
    {
        int snapshots = 0;
        foreach (IGrouping<string, Entry> account in Accounts)
        {
            PersonState state = new(account.Key);
            foreach (Entry entry in account)
            {
                state.Apply(entry);
                state = PersonState.FromSnapshot(account.Key, PersonSnapshot.Decode(state.ToSnapshot().Encode())!);
                Assert.Empty(Audit(account, state.Version, state.ToSnapshot()).Violations);
                snapshots++;
            }
        }

        Assert.True(snapshots > 50);
    }

    [Fact]
    public void Snapshot_whose_money_was_changed_is_named()
    {
        IGrouping<string, Entry> account = Of("daughter");
        PersonSnapshot snapshot = StateOf(account).ToSnapshot();

        InvariantReport report = Audit(account, snapshot.Version, snapshot with { Balances = snapshot.Balances + new Amounts(1, 0, 0, 0) });

        Assert.Equal(1, report.Checked);
        Assert.Contains($"daughter/{snapshot.Version}: balances", Assert.Single(report.Violations), StringComparison.Ordinal);
    }

    public static TheoryData<string> Parts => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<PersonSnapshot, PersonSnapshot>> Changes = new()
    {
        ["Registration"] = snapshot => snapshot with { Registration = snapshot.Registration with { Region = Given.Zhengzhou } },
        ["Wallet"] = snapshot => snapshot with { Wallet = snapshot.Wallet! with { AutoAccept = !snapshot.Wallet.AutoAccept } },
        ["LastAt"] = snapshot => snapshot with { LastAt = snapshot.LastAt.AddMilliseconds(1) },
        ["TransferCount"] = snapshot => snapshot with { TransferCount = snapshot.TransferCount + 1 },
        ["OpenHolds"] = snapshot => snapshot with { OpenHolds = [.. snapshot.OpenHolds, new OpenHold(Guid.Empty, new Amounts(1, 0, 0, 0), "x", false, snapshot.LastAt, snapshot.Version)] },
        ["Family"] = snapshot => snapshot with { Family = new FamilySnapshot([], ["stranger"], null, [], [], []) },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Snapshot_that_differs_in_anything_else_says_in_what(string part)
    {
        IGrouping<string, Entry> account = Of("daughter");
        PersonSnapshot snapshot = Changes[part](StateOf(account).ToSnapshot());

        Assert.Contains($": {part} should be", Assert.Single(Audit(account, snapshot.Version, snapshot).Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_of_a_version_or_an_account_that_is_not_there_is_named()
    {
        IGrouping<string, Entry> account = Of("daughter");
        PersonSnapshot snapshot = StateOf(account).ToSnapshot();
        long version = snapshot.Version + 7;

        Assert.Contains($"daughter/{version}: there is no entry", Assert.Single(Audit(account, version, snapshot with { Version = version }).Violations), StringComparison.Ordinal);
        Assert.Contains("nobody/1: there is no entry", Assert.Single(Audit([], 1, snapshot with { Version = 1 }, "nobody").Violations), StringComparison.Ordinal);
        Assert.Contains($"daughter/{snapshot.Version}: Version should be", Assert.Single(Audit(account, snapshot.Version, snapshot with { Version = version }).Violations), StringComparison.Ordinal);
    }

    /// <summary>For an account with a damaged entry, the balances are still compared with those of its entries.</summary>
    [Fact]
    public void Snapshot_of_an_account_with_an_entry_that_cannot_be_is_compared_by_balances()
    {
        Entry[] entries = [.. Of("daughter")];
        PersonSnapshot snapshot = StateOf(entries).ToSnapshot();
        entries[3] = entries[3] with { Kind = (EntryKind)77 };

        Assert.Empty(Audit(entries, snapshot.Version, snapshot).Violations);
        Assert.Single(Audit(entries, snapshot.Version, snapshot with { Balances = default }).Violations);
    }

    /// <summary>No account can be loaded from it, so nothing depends on it.</summary>
    [Fact]
    public void Snapshot_that_cannot_be_read_violates_nothing()
    {
        InvariantChecks checks = new();
        SnapshotAuditor auditor = new(checks);
        auditor.Begin("daughter", 1, "{}"u8);
        auditor.Add(Of("daughter").First());
        auditor.Complete();

        Assert.Equal((1, 0), (checks.Snapshots.Checked, checks.Snapshots.ViolationCount));
    }

    private static IGrouping<string, Entry> Of(string name) => Accounts.Single(account => account.Key == name);

    private static PersonState StateOf(IEnumerable<Entry> entries)
    {
        PersonState state = new(entries.First().Account);
        foreach (Entry entry in entries)
        {
            state.Apply(entry);
        }

        return state;
    }

    private static InvariantReport Audit(IEnumerable<Entry> entries, long version, PersonSnapshot snapshot, string? account = null)
    {
        InvariantChecks checks = new();
        SnapshotAuditor auditor = new(checks);
        auditor.Begin(account ?? entries.First().Account, version, snapshot.Encode());
        foreach (Entry entry in entries)
        {
            auditor.Add(entry);
        }

        auditor.Complete();
        return checks.Snapshots.ToReport();
    }
}
