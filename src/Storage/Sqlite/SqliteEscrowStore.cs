using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Caps and slices in SQLite. There is one writer, so changes never overlap.</summary>
internal sealed class SqliteEscrowStore(SqliteSessions sessions) : IEscrowStore
{
    private static readonly string Net = $"""
        (SELECT coalesce(sum(CASE WHEN to_region = ?1 THEN amount_fen ELSE -amount_fen END), 0) FROM deltas
            WHERE activity IN ({BatchAnalysis.EscrowActivities}) AND from_region <> to_region AND (from_region = ?1 OR to_region = ?1))
        """;

    private const string Open = "(SELECT coalesce(sum(granted_fen - used_fen), 0) FROM escrow_slices WHERE region = ?1)";

    /// <inheritdoc/>
    public Task SetCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken) => InTransactionAsync(
        session =>
        {
            SqliteStatement read = session.Statement("SELECT coalesce(cap_fen, -1), revision FROM escrow_caps WHERE region = ?1").Bind(1, region.Value);
            (long known, long since) = read.Step() ? (read.GetInt64(0), read.GetInt64(1)) : (-1, -1);
            read.Reset();
            long cap = capFen ?? -1;
            if (since >= revision)
            {
                return true;
            }

            session.Statement(
                $"""
                INSERT INTO escrow_caps (region, cap_fen, debt_fen, revision) VALUES (?1, nullif(?2, -1), max(0, -{Net}), ?3)
                ON CONFLICT (region) DO UPDATE SET cap_fen = excluded.cap_fen, revision = excluded.revision,
                    debt_fen = CASE WHEN cap_fen IS excluded.cap_fen THEN debt_fen ELSE excluded.debt_fen END
                """).Bind(1, region.Value).Bind(2, cap).Bind(3, revision).Execute();
            if (known != cap)
            {
                session.Statement("UPDATE escrow_slices SET granted_fen = used_fen WHERE region = ?1").Bind(1, region.Value).Execute();
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<EscrowSlice?> LeaseAsync(SliceRequest request, CancellationToken cancellationToken) => InTransactionAsync<EscrowSlice?>(
        session =>
        {
            session.Statement("UPDATE escrow_slices SET granted_fen = used_fen WHERE region = ?1 AND chain <> ?2 AND expires_at <= ?3 AND granted_fen > used_fen")
                .Bind(1, request.Region.Value).Bind(2, request.Chain).Bind(3, request.Now.ToUnixTimeMilliseconds()).Execute();
            SqliteStatement read = session.Statement($"SELECT cap_fen, {Net}, {Open} FROM escrow_caps WHERE region = ?1 AND cap_fen IS NOT NULL").Bind(1, request.Region.Value);
            if (!read.Step())
            {
                read.Reset();
                return null;
            }

            long headroom = Escrow.HeadroomFen(read.GetInt64(0), read.GetInt64(1), read.GetInt64(2));
            read.Reset();
            long more = Escrow.SliceFen(headroom, request.NeedFen, request.WantFen);
            SqliteStatement grant = session.Statement(
                """
                INSERT INTO escrow_slices AS s VALUES (?1, ?2, ?3, 0, ?4)
                ON CONFLICT DO UPDATE SET granted_fen = s.granted_fen + ?3, expires_at = max(s.expires_at, ?4) RETURNING granted_fen, used_fen
                """).Bind(1, request.Region.Value).Bind(2, request.Chain).Bind(3, more).Bind(4, request.ExpiresAt.ToUnixTimeMilliseconds());
            grant.Step();
            EscrowSlice slice = new(grant.GetInt64(0), grant.GetInt64(1), headroom - more);
            grant.Reset();
            return slice;
        },
        cancellationToken);

    /// <summary>Takes a batch's debits from its chain's slices, inside the batch's transaction; false when there is not enough.</summary>
    public static bool TryUse(SqliteSession session, int chain, Dictionary<RegionCode, long> debits)
    {
        foreach ((RegionCode region, long fen) in debits)
        {
            if (HasCap(session, region)
                && !session.Statement("UPDATE escrow_slices SET used_fen = used_fen + ?3 WHERE region = ?1 AND chain = ?2 AND used_fen + ?3 <= granted_fen RETURNING 1")
                    .Bind(1, region.Value).Bind(2, chain).Bind(3, fen).Any())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The regions whose slices do not cover a batch's debits.</summary>
    public static HashSet<RegionCode> FindOver(SqliteSession session, int chain, Dictionary<RegionCode, long> debits) =>
    [
        .. debits.Where(debit => HasCap(session, debit.Key)
            && !session.Statement("SELECT 1 FROM escrow_slices WHERE region = ?1 AND chain = ?2 AND used_fen + ?3 <= granted_fen")
                .Bind(1, debit.Key.Value).Bind(2, chain).Bind(3, debit.Value).Any()).Select(debit => debit.Key),
    ];

    private static bool HasCap(SqliteSession session, RegionCode region) =>
        session.Statement("SELECT 1 FROM escrow_caps WHERE region = ?1 AND cap_fen IS NOT NULL").Bind(1, region.Value).Any();

    private Task<T> InTransactionAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => sessions.WriteAsync(
        session =>
        {
            session.Execute("BEGIN IMMEDIATE");
            try
            {
                T result = work(session);
                session.Execute("COMMIT");
                return result;
            }
            finally
            {
                if (session.IsInTransaction)
                {
                    session.Execute("ROLLBACK");
                }
            }
        },
        cancellationToken);
}
