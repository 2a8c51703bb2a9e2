using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Gongji.TestKit;

/// <summary>
/// A separate PostgreSQL server in a temporary directory, on a free loopback port, with fsync and synchronous_commit on. It is stopped and its
/// directory removed on disposal, or when this process ends, however it ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int StartAttemptsMax = 5;
    private const string Superuser = "gongji";
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly string _root;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Process _undertaker;
    private int _databases;
    private bool _running;
    private bool _disposed;

    private PostgresServer(string binaries, string root, IReadOnlyDictionary<string, string> settings)
    {
        _binaries = binaries;
        _root = root;
        _settings = settings;
        _undertaker = StartUndertaker();
    }

    /// <summary>The loopback port, which stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>The settings, in addition to the server's defaults, that it was started with.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    private string Data => Path.Combine(_root, "data");

    /// <summary>Creates and starts a server.</summary>
    /// <param name="settings">Settings that replace or add to the defaults of this class.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start; the message says what to do.</exception>
    public static async Task<PostgresServer> StartAsync(IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        string binaries = FindBinaries();
        string root = Directory.CreateTempSubdirectory("gongji-postgres-").FullName;
        Dictionary<string, string> all = new()
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["shared_buffers"] = "128MB",
            ["max_connections"] = "100",
            ["max_wal_size"] = "2GB",
        };
        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        PostgresServer server = new(binaries, root, all);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", ["postgres", root], cancellationToken).ConfigureAwait(false);
            }

            await server.RunToolAsync("initdb", ["-D", server.Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], cancellationToken).ConfigureAwait(false);
            await server.StartAgainAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The connection string of a database on this server.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Database = database,
    }.ConnectionString;

    /// <summary>Creates an empty database with a new name.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        NpgsqlConnection connection = new(ConnectionString("postgres"));
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            NpgsqlCommand command = new($"CREATE DATABASE {name}", connection);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return ConnectionString(name);
    }

    /// <summary>Starts a stopped server, on the same port as before if it ran before.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            int port = Port == 0 ? FreePort.Find() : Port;
            string options = string.Join(' ', _settings.Select(setting => $"-c {setting.Key}='{setting.Value}'").Append(string.Create(CultureInfo.InvariantCulture, $"-p {port}")));
            try
            {
                await RunToolAsync("pg_ctl", ["start", "-w", "-D", Data, "-l", Path.Combine(_root, "log"), "-o", options], cancellationToken).ConfigureAwait(false);
                Port = port;
                _running = true;
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttemptsMax)
            {
                // The port was taken by another process, or after a kill the old server's children still hold its memory; pg_ctl has already waited a while.
            }
        }
    }

    /// <summary>Stops the server.</summary>
    public async Task StopAsync(PostgresStop how, CancellationToken cancellationToken = default)
    {
        await RunToolAsync("pg_ctl", ["stop", "-w", "-D", Data, "-m", how == PostgresStop.Fast ? "fast" : "immediate"], cancellationToken).ConfigureAwait(false);
        _running = false;
    }

    /// <summary>Kills the server's first process (SIGKILL); its children end on their own.</summary>
    public void Kill()
    {
        string pid = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
        using Process postmaster = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        postmaster.Kill();
        postmaster.WaitForExit();
        _running = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_running)
        {
            await StopAsync(PostgresStop.Immediate).ConfigureAwait(false);
        }

        await _undertaker.StandardInput.WriteLineAsync("done").ConfigureAwait(false);
        _undertaker.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>
    /// A shell that reads from a pipe which this process holds open. When this process ends, even by SIGKILL (test hosts are killed soon after their last
    /// test), the pipe ends, and the shell stops the server and removes the directory.
    /// </summary>
    private Process StartUndertaker()
    {
        const string script = """
            trap '' INT TERM HUP
            exec >/dev/null 2>&1
            read -r word && [ "$word" = done ] && exit
            root=$1; shift
            "$@"
            rm -rf "$root"
            """;
        (string program, string[] arguments) = Tool("pg_ctl", ["stop", "-w", "-D", Data, "-m", "immediate"]);
        ProcessStartInfo start = new("/bin/sh", ["-c", script, "sh", _root, program, .. arguments])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        return Process.Start(start) ?? throw new Win32Exception();
    }

    private static string FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        string? newest = !Directory.Exists(debian) ? null : Directory.GetDirectories(debian)
            .Select(path => (Path: Path.Combine(path, "bin"), Version: int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0))
            .Where(found => File.Exists(Path.Combine(found.Path, "initdb")))
            .OrderByDescending(found => found.Version)
            .Select(found => found.Path)
            .FirstOrDefault();
        newest ??= Environment.GetEnvironmentVariable("PATH")?.Split(':').FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")));
        return newest ?? throw new InvalidOperationException("PostgreSQL's server programs were not found. Install them: apt-get install postgresql");
    }

    private Task RunToolAsync(string tool, string[] arguments, CancellationToken cancellationToken)
    {
        (string program, string[] all) = Tool(tool, arguments);
        return RunAsync(program, all, cancellationToken);
    }

    /// <summary>How to run one of PostgreSQL's programs: as user postgres when this process runs as root, since they refuse root.</summary>
    private (string Program, string[] Arguments) Tool(string tool, string[] arguments)
    {
        string path = Path.Combine(_binaries, tool);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", path, .. arguments])
            : (path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        // The shell redirects the output to a file: the server would inherit a pipe, which would then never end.
        string output = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments])
            {
                WorkingDirectory = "/",
            };
            using Process process = Process.Start(start) ?? throw new Win32Exception();
            using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(CommandTimeout);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(output, cancellationToken).ConfigureAwait(false)}");
            }
        }
        finally
        {
            File.Delete(output);
        }
    }
}
