using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gongji.LoadTest;

/// <summary>
/// The benchmark's own PostgreSQL: Debian's programs, a fresh directory, a free port on loopback, full durability. When the benchmark ends, it is
/// stopped and its directory removed.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "gongji";

    private readonly string _programs;
    private readonly string _folder;

    private PostgresServer(string programs, string folder, int port) => (_programs, _folder, Port) = (programs, folder, port);

    public int Port { get; }

    /// <summary>The id of the server's first process.</summary>
    public int Pid { get; private set; }

    /// <summary>The settings that the server reports, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = new Dictionary<string, string>();

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        string programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).Order(StringComparer.Ordinal).LastOrDefault() ?? ""
            : "";
        if (programs.Length == 0)
        {
            throw new BenchException("PostgreSQL's programs are not installed (looked in /usr/lib/postgresql): apt-get install postgresql, or run with --sqlite.");
        }

        PostgresServer server = new(programs, Directory.CreateTempSubdirectory("gongji-bench-").FullName, FreePort());
        try
        {
            await server.StartServerAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = User,
        Database = database,
        Timezone = "UTC",
    }.ConnectionString;

    public async Task CreateDatabaseAsync(string database, CancellationToken cancellationToken) =>
        await ExecuteAsync("postgres", $"CREATE DATABASE {database}", cancellationToken);

    /// <summary>Gives every scenario the same start: nothing of the previous one is left to be written.</summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken) => await ExecuteAsync("postgres", "CHECKPOINT", cancellationToken);

    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(ConnectionString(database));
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await RunAsync("pg_ctl", ["-D", Data, "-m", "fast", "-w", "-t", BenchLimits.ServerSeconds.ToString(CultureInfo.InvariantCulture), "stop"], CancellationToken.None);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await ProcessRunner.RunAsync("chown", ["postgres", _folder], cancellationToken);
        }

        await RunAsync("initdb", ["-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C"], cancellationToken);
        string options = string.Join(' ', PostgresSettings.For(Port).Select(setting => $"-c {setting.Name}={setting.Value}"));
        await RunAsync("pg_ctl", ["-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", options, "start"], cancellationToken);
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid"), cancellationToken);
        Pid = int.Parse(lines[0], CultureInfo.InvariantCulture);
        Settings = await ReadSettingsAsync(cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> settings = new(StringComparer.Ordinal);
        await using NpgsqlConnection connection = new(ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. PostgresSettings.Printed] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            settings[reader.GetString(0)] = reader.GetString(1);
        }

        return settings;
    }

    /// <summary>Runs one of PostgreSQL's programs, as user postgres when this process is root's.</summary>
    private Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        string path = Path.Combine(_programs, program);
        return Environment.UserName == "root"
            ? ProcessRunner.RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments], cancellationToken)
            : ProcessRunner.RunAsync(path, arguments, cancellationToken);
    }

    /// <summary>A port that is free at this moment.</summary>
    internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
