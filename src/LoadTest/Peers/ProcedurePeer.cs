using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Gongji.LoadTest;

/// <summary>
/// What a user would write with PostgreSQL alone: one stored procedure per transfer, with row locks (postgres-procedure.sql). Each caller has its own
/// connection and prepared statement.
/// </summary>
internal sealed class ProcedurePeer : ILoad, IAsyncDisposable
{
    private const string Call = "SELECT transfer(gen_random_uuid(), $1, $2, 100, $3)";

    private readonly List<NpgsqlConnection> _connections = [];
    private readonly List<NpgsqlCommand> _commands = [];
    private readonly UniformPairs _pairs;

    private ProcedurePeer(int accounts) => _pairs = new UniformPairs(accounts);

    /// <summary>The peer's schema, with the given number of accounts.</summary>
    public static string Schema(int accounts)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("postgres-procedure.sql")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Replace("100000)", accounts.ToString(CultureInfo.InvariantCulture) + ")", StringComparison.Ordinal);
    }

    public static async Task<ProcedurePeer> ConnectAsync(string connectionString, int accounts, bool withRegions, CancellationToken cancellationToken)
    {
        ProcedurePeer peer = new(accounts);
        for (int i = 0; i < BenchLimits.ProcedureConnections; i++)
        {
            NpgsqlConnection connection = new(connectionString + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            NpgsqlCommand command = new(Call, connection);
            command.Parameters.Add(new NpgsqlParameter<long>());
            command.Parameters.Add(new NpgsqlParameter<long>());
            command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = withRegions });
            await command.PrepareAsync(cancellationToken);
            peer._connections.Add(connection);
            peer._commands.Add(command);
        }

        return peer;
    }

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        (int payer, int payee) = _pairs.Next(worker.Chance);
        NpgsqlCommand command = _commands[worker.Index];
        ((NpgsqlParameter<long>)command.Parameters[0]).TypedValue = payer + 1;
        ((NpgsqlParameter<long>)command.Parameters[1]).TypedValue = payee + 1;
        await command.ExecuteNonQueryAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlConnection connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
