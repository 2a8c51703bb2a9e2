using Gongji.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Storage.Tests;

/// <summary>A place for a ledger, fresh for each test.</summary>
public abstract class StoreHarness : IAsyncDisposable
{
    /// <summary>Opens the store once more, in parallel to others where the store allows that.</summary>
    public abstract ILedgerStore Open();

    /// <summary>Runs SQL past the store.</summary>
    public abstract Task ExecuteAsync(string sql);

    public async Task<ILedgerStore> OpenMigratedAsync()
    {
        ILedgerStore store = Open();
        await store.MigrateAsync(default);
        return store;
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A database on the one server that all tests share.</summary>
public sealed class PostgresHarness : StoreHarness
{
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => PostgresServer.StartAsync());

    private PostgresHarness(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public static async Task<PostgresHarness> CreateAsync() => await CreateAsync(await Shared.Value);

    public static async Task<PostgresHarness> CreateAsync(PostgresServer server) => new(await server.CreateDatabaseAsync());

    public static PostgresLedgerStore OpenAt(string connectionString) =>
        new(new PostgresStoreOptions { ConnectionString = connectionString, ConnectionsMax = 10 }, TimeProvider.System, NullLogger<PostgresLedgerStore>.Instance);

    public override ILedgerStore Open() => OpenAt(ConnectionString);

    /// <summary>The same database through another port.</summary>
    public PostgresLedgerStore OpenThrough(int port) => OpenAt(new NpgsqlConnectionStringBuilder(ConnectionString) { Port = port }.ConnectionString);

    public override async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A directory with an embedded store, which can be open only once, so that every call returns the same.</summary>
public sealed class SqliteHarness : StoreHarness
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gongji-sqlite-").FullName;
    private readonly List<SqliteLedgerStore> _opened = [];

    public string DataDirectory => _directory;

    public override ILedgerStore Open()
    {
        if (_opened.Count == 0)
        {
            _opened.Add(Open(readOnly: false));
        }

        return _opened[0];
    }

    public SqliteLedgerStore Open(bool readOnly) =>
        new(new SqliteStoreOptions { Directory = _directory, ReadOnly = readOnly }, TimeProvider.System, NullLogger<SqliteLedgerStore>.Instance);

    public async Task CloseAsync()
    {
        foreach (SqliteLedgerStore store in _opened)
        {
            await store.DisposeAsync();
        }

        _opened.Clear();
    }

    public override async Task ExecuteAsync(string sql) => await RunAsync(sql, command => command.ExecuteNonQueryAsync());

    public async Task<long> ScalarAsync(string sql) => await RunAsync(sql, async command => (long)(await command.ExecuteScalarAsync())!);

    private async Task<T> RunAsync<T>(string sql, Func<SqliteCommand, Task<T>> run)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(_directory, "ledger.db")};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await run(command);
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
