using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// Caps and slices in PostgreSQL, READ COMMITTED. Grants of one region come one after another, since each locks the region's cap. A batch changes the net
/// position and the open slices by the same amount in one moment, so the headroom that a grant reads in one statement can become too low, but never too
/// high, while batches go on beside it. Setting a cap waits for the batches under way, which may not have seen it.
/// </summary>
internal sealed class PostgresEscrowStore(PostgresConnections connections) : IEscrowStore
{
    /// <summary>The advisory lock that batches share, and that setting a cap, or closing a day, takes alone.</summary>
    public const long CapsLock = 0x676F_6E67_6361_7073;

    private static readonly string Net = $"""
        (SELECT coalesce(sum(CASE WHEN d.to_region = c.region THEN d.amount_fen ELSE -d.amount_fen END), 0)::bigint FROM delta_parts d
            WHERE d.activity IN ({BatchAnalysis.EscrowActivities}) AND d.from_region <> d.to_region AND (d.from_region = c.region OR d.to_region = c.region))
        """;

    private const string Open = "(SELECT coalesce(sum(s.granted_fen - s.used_fen), 0)::bigint FROM escrow_slices s WHERE s.region = c.region)";

    /// <inheritdoc/>
    public async Task SetCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken)
    {
        // Each activation of a region sets its cap again, nearly always to the same value: that must not make every batch wait.
        (_, long since) = await connections.RunAsync((connection, token) => ReadCapAsync(connection, region, token), cancellationToken).ConfigureAwait(false);
        if (since < revision)
        {
            await ChangeCapAsync(region, capFen, revision, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<bool> ChangeCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken) => InTransactionAsync(
        async (connection, token) =>
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({CapsLock})", _ => { }, token).ConfigureAwait(false);
            (long known, long since) = await ReadCapAsync(connection, region, token).ConfigureAwait(false);
            long cap = capFen ?? -1;
            if (since >= revision)
            {
                return true;
            }

            await ExecuteAsync(
                connection,
                $"""
                INSERT INTO escrow_caps AS k (region, cap_fen, debt_fen, revision)
                SELECT c.region, nullif($2, -1), greatest(0, -{Net}), $3 FROM (SELECT $1::integer AS region) AS c
                ON CONFLICT (region) DO UPDATE SET cap_fen = excluded.cap_fen, revision = excluded.revision,
                    debt_fen = CASE WHEN k.cap_fen IS NOT DISTINCT FROM excluded.cap_fen THEN k.debt_fen ELSE excluded.debt_fen END
                """,
                command => command.Add(region.Value).Add(cap).Add(revision),
                token).ConfigureAwait(false);
            if (known != cap)
            {
                await ExecuteAsync(
                    connection, "UPDATE escrow_slices SET granted_fen = used_fen WHERE region = $1", command => command.Add(region.Value), token).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<EscrowSlice?> LeaseAsync(SliceRequest request, CancellationToken cancellationToken) => InTransactionAsync<EscrowSlice?>(
        async (connection, token) =>
        {
            int region = request.Region.Value;
            await using NpgsqlCommand cap = new("SELECT cap_fen FROM escrow_caps WHERE region = $1 AND cap_fen IS NOT NULL FOR UPDATE", connection);
            if (await cap.Add(region).ExecuteScalarAsync(token).ConfigureAwait(false) is not long capFen)
            {
                return null;
            }

            await ExecuteAsync(
                connection,
                "UPDATE escrow_slices SET granted_fen = used_fen WHERE region = $1 AND chain <> $2 AND expires_at <= $3 AND granted_fen > used_fen",
                command => command.Add(region).Add(request.Chain).Add(request.Now.ToUnixTimeMilliseconds()),
                token).ConfigureAwait(false);
            (long netFen, long openFen) = await ReadTwoAsync(
                connection, $"SELECT {Net}, {Open} FROM (SELECT $1::integer AS region) AS c", command => command.Add(region), token).ConfigureAwait(false);
            long headroom = Escrow.HeadroomFen(capFen, netFen, openFen);
            long more = Escrow.SliceFen(headroom, request.NeedFen, request.WantFen);
            (long granted, long used) = await ReadTwoAsync(
                connection,
                """
                INSERT INTO escrow_slices AS s VALUES ($1, $2, $3, 0, $4)
                ON CONFLICT (region, chain) DO UPDATE SET granted_fen = s.granted_fen + $3, expires_at = greatest(s.expires_at, $4) RETURNING granted_fen, used_fen
                """,
                command => command.Add(region).Add(request.Chain).Add(more).Add(request.ExpiresAt.ToUnixTimeMilliseconds()),
                token).ConfigureAwait(false);
            return new EscrowSlice(granted, used, headroom - more);
        },
        cancellationToken);

    /// <summary>A region's cap, -1 for none, and the revision of the rules that set it, -1 when none did.</summary>
    private static Task<(long CapFen, long Revision)> ReadCapAsync(NpgsqlConnection connection, RegionCode region, CancellationToken cancellationToken) => ReadTwoAsync(
        connection,
        "SELECT coalesce(max(cap_fen), -1), coalesce(max(revision), -1) FROM escrow_caps WHERE region = $1",
        command => command.Add(region.Value),
        cancellationToken);

    private Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
            T result = await work(connection, token).ConfigureAwait(false);
            await transaction.CommitAsync(token).ConfigureAwait(false);
            return result;
        },
        cancellationToken);

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, Action<NpgsqlCommand> bind, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        bind(command);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(long, long)> ReadTwoAsync(NpgsqlConnection connection, string sql, Action<NpgsqlCommand> bind, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        bind(command);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
