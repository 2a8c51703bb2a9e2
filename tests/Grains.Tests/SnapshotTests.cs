using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains.Tests;

/// <summary>Nothing protects snapshots from being changed, so an account begins with one only when the entry of its version agrees.</summary>
public sealed class SnapshotTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Snapshot_with_more_money_than_its_entry_is_not_used_and_said()
    {
        (string person, PersonState state) = await PersonAsync();
        await WriteAsync(person, state.ToSnapshot() with { Balances = state.Balances + new Amounts(1_000_000, 0, 0, 0) });

        Assert.Equal((100, 2006), await LoadAsync(person));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public async Task Snapshot_of_another_version_than_it_says_or_than_there_is_does_not_keep_the_account_from_being_loaded(int past, int inside)
    {
        (string person, PersonState state) = await PersonAsync();
        await WriteAsync(person, state.ToSnapshot() with { Version = state.Version + inside }, state.Version + past);

        Assert.Equal((100, 2006), await LoadAsync(person));
    }

    /// <summary>That the snapshot is used shows in state that no entry's figures contain.</summary>
    [Fact]
    public async Task Snapshot_that_its_entry_agrees_with_is_used()
    {
        (string person, PersonState state) = await PersonAsync();
        await WriteAsync(person, state.ToSnapshot());
        Assert.Equal((100, null), await LoadAsync(person));
        (person, state) = await PersonAsync();
        await WriteAsync(person, state.ToSnapshot() with { Wallet = null });

        Assert.Null(await silo.SecondActivation(person, new AskedGrain()).PeekAsync(static loaded => loaded.Wallet));
    }

    private async Task<(string Person, PersonState State)> PersonAsync()
    {
        string person = await silo.EmployeeAsync(100);
        PersonState state = new(person);
        foreach (Entry entry in await silo.Store.ReadEntriesAsync(person, 0, 10, CancellationToken.None))
        {
            state.Apply(entry);
        }

        return (person, state);
    }

    private Task WriteAsync(string person, PersonSnapshot snapshot, long? version = null) =>
        silo.Store.WriteSnapshotsAsync([new AccountSnapshot(person, version ?? snapshot.Version, snapshot.Encode())], CancellationToken.None);

    /// <summary>The personal balance of an activation that loads now, and the event that it logs, if any.</summary>
    private async Task<(long PersonalFen, int? Event)> LoadAsync(string person)
    {
        LastEvent log = new();
        long fen = await silo.SecondActivation(person, new AskedGrain(), logger: log).PeekAsync(static state => state.Balances.PersonalFen);
        return (fen, log.Id);
    }

    private sealed class LastEvent : ILogger
    {
        public int? Id { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Id = eventId.Id;
    }
}
