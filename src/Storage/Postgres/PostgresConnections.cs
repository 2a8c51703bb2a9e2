using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Connections as the store needs them, and what their errors mean.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    /// <summary>
    /// Every query of the store is a look-up by index, but a plan cached while the tables were small could stay a scan for ever. Also, one plan suits a
    /// query whatever arrays it is given; without plan_cache_mode, the server may make a new plan for each of them.
    /// </summary>
    internal const string SessionSettings = """
        SET enable_seqscan = off;
        SET plan_cache_mode = force_generic_plan;
        SET jit = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')
        """;

    /// <summary>
    /// For a transaction that takes as long as the ledger is large. A server may be set to end what takes long, or what stands still in a transaction, as
    /// the one does that holds an audit's snapshot. That is meant for programs that forget a transaction.
    /// </summary>
    internal const string Unhurried = """
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'
        """;

    /// <summary>
    /// For commits, a lock timeout is added: when a commit does not end, the batches that wait for its place must not wait for ever, each in a server
    /// process. The timeout is shorter than the time after which a commit's outcome counts as unknown, so that the server still says that it rolled back.
    /// </summary>
    private static readonly string CommitSettings = $"{SessionSettings}; SET lock_timeout = '{StorageLimits.CommitTimeoutSeconds - 1}s'";

    private readonly NpgsqlDataSource _source;

    /// <summary>
    /// Commits have connections of their own: a pool hands out its connections in turn, and every server process that writes a batch only now and then
    /// must warm up the same pages and plans for itself. As many are open as partitions commit at the same time.
    /// </summary>
    private readonly NpgsqlDataSource _commits;

    private readonly ILogger _logger;

    public PostgresConnections(PostgresStoreOptions options, ILogger logger)
    {
        _logger = logger;
        NpgsqlConnectionStringBuilder settings = new(options.ConnectionString)
        {
            Pooling = true,
            MaxPoolSize = options.ConnectionsMax,
            Timeout = StorageLimits.ConnectTimeoutSeconds,
            CommandTimeout = StorageLimits.ReadTimeoutSeconds,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            ReadBufferSize = 65_536, // an audit reads the whole ledger: eight times fewer receives than by default
            NoResetOnClose = true, // keeps SessionSettings, and saves a message per use
            Enlist = false,
            IncludeErrorDetail = false, // details name accounts; logs must not
        };
        if (!IsSocketPath(settings.Host))
        {
            // An abandoned connection must end too. Over a Unix socket it ends with the server, and asking for keep-alive there is an error.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = StorageLimits.KeepAliveSeconds;
            settings.TcpKeepAliveInterval = StorageLimits.KeepAliveSeconds;
        }

        settings.ApplicationName ??= "gongji";
        _source = Build(settings, SessionSettings);
        _commits = Build(settings, CommitSettings);
    }

    /// <exception cref="StoreUnavailableException">No connection could be had; nothing was sent.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => OpenAsync(_source, cancellationToken);

    /// <summary>A connection to commit a batch on.</summary>
    /// <exception cref="StoreUnavailableException">No connection could be had; nothing was sent.</exception>
    public ValueTask<NpgsqlConnection> OpenForCommitAsync(CancellationToken cancellationToken) => OpenAsync(_commits, cancellationToken);

    /// <summary>Runs work that changes nothing, or may be repeated; repeats it once when a pooled connection turns out to be dead.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached or refused.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsConnectionLost(exception))
        {
            Clear();
            _logger.PostgresReadRepeated(exception);
        }
        catch (Exception exception) when (IsStoreError(exception))
        {
            throw Unavailable(exception);
        }

        try
        {
            return await RunOnceAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsStoreError(exception))
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Drops all pooled connections, after one was found dead.</summary>
    public void Clear()
    {
        _source.Clear();
        _commits.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Whether an exception comes from the store or the way to it, and not from a bug.</summary>
    public static bool IsStoreError(Exception exception) =>
        exception is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException;

    /// <summary>Whether the server said that it rolled the statement back; any other end of a commit leaves its outcome open.</summary>
    public static bool IsRolledBack(Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" };

    public static StoreUnavailableException Unavailable(Exception exception) =>
        new($"PostgreSQL cannot be reached or refuses to work: {(exception is PostgresException { SqlState: var state, MessageText: var text } ? $"{state} {text}" : exception.Message)}", exception);

    private static bool IsConnectionLost(Exception exception) =>
        exception is IOException or SocketException or NpgsqlException { InnerException: IOException or SocketException or EndOfStreamException }
            or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown };

    /// <summary>Whether a host is a directory of Unix sockets (or, with '@', an abstract socket), by the rule that Npgsql uses.</summary>
    private static bool IsSocketPath(string? host) => host is ['/' or '@', ..];

    private static async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsStoreError(exception))
        {
            throw Unavailable(exception);
        }
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, string session)
    {
        NpgsqlDataSourceBuilder builder = new(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            static connection => throw new NotSupportedException("The store opens connections asynchronously."),
            async connection =>
            {
                await using NpgsqlCommand command = new(session, connection);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return builder.Build();
    }

    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await work(connection, cancellationToken).ConfigureAwait(false);
        }
    }
}
