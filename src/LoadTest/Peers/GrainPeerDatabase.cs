using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Gongji.LoadTest;

/// <summary>The database of the grain-per-write peer.</summary>
internal sealed class GrainPeerDatabase : IAsyncDisposable
{
    public GrainPeerDatabase(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = new(connectionString)
        {
            MaxPoolSize = BenchLimits.GrainPeerConnections,
            MaxAutoPrepare = 16,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            ApplicationName = "gongji-bench-grain-per-write",
        };
        Source = NpgsqlDataSource.Create(settings);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>The schema, with the given number of persons. Rows are updated in place (HOT) as far as their pages have room.</summary>
    public static string Schema(int accounts) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE TABLE person_state (person text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, state bytea NOT NULL) WITH (fillfactor = 70);
        INSERT INTO person_state
            SELECT 'P' || lpad(g::text, 9, '0'), 0, convert_to('{FirstState}', 'UTF8') FROM generate_series(0, {accounts} - 1) g;
        """);

    private static readonly string FirstState = JsonSerializer.Serialize(new WritingPersonState { BalanceFen = BenchLimits.CreditFen });

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
