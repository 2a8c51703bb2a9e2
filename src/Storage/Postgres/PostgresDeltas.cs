using Gongji.Ledger;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// Deltas in PostgreSQL. Each batch writes its deltas as one row, in its transaction. A separate statement, which runs beside later batches, adds up the
/// rows of many batches into one per pair of regions, tier, activity and day. It takes rows away and adds their sums in one transaction, so a reader of
/// both sees each delta once. When it fails, the next one does its work.
/// </summary>
internal sealed class PostgresDeltas : IAsyncDisposable
{
    private const string Insert = "INSERT INTO delta_batches VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    private const string OfBatches = "batch > $1 AND batch <= $2";

    /// <summary>
    /// The rows left by chains that nobody writes any more: those of the same writer, which has just started anew, and those of batches that are more
    /// than a day old.
    /// </summary>
    private const string Left = """
        (batch >> 32)::integer IN (SELECT id FROM chains WHERE writer = $1)
            OR batch IN (SELECT b.id FROM batches b WHERE b.sealed_at < $2 AND b.id IN (SELECT d.batch FROM delta_batches d))
        """;

    private readonly PostgresConnections _connections;
    private readonly BackgroundStep _folding;

    public PostgresDeltas(PostgresConnections connections, ILogger logger)
    {
        _connections = connections;
        _folding = new BackgroundStep(logger.DeltasNotFolded);
    }

    /// <summary>Sums over all chains, including batches that are not added up yet.</summary>
    public static string Sums(string where) =>
        $"SELECT activity, tier, day, from_region, to_region, sum(count)::bigint, sum(amount_fen)::bigint FROM delta_parts {where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

    /// <summary>Adds a batch's deltas to its transaction.</summary>
    public static void AddTo(NpgsqlBatch batch, SealedBatch sealedBatch)
    {
        if (sealedBatch.Deltas.Count == 0)
        {
            return;
        }

        KeyValuePair<DeltaKey, DeltaSum>[] deltas = [.. sealedBatch.Deltas];
        NpgsqlParameterCollection parameters = batch.AddCommand(Insert);
        parameters.AddValue(HashChain.BatchId(sealedBatch.Chain, sealedBatch.Sequence));
        parameters.AddValue(Array.ConvertAll(deltas, delta => delta.Key.Day));
        parameters.AddValue(Array.ConvertAll(deltas, delta => delta.Key.From.Value));
        parameters.AddValue(Array.ConvertAll(deltas, delta => delta.Key.To.Value));
        parameters.AddValue(Array.ConvertAll(deltas, delta => (short)delta.Key.Activity));
        parameters.AddValue(Array.ConvertAll(deltas, delta => (short)delta.Key.Tier));
        parameters.AddValue(Array.ConvertAll(deltas, delta => delta.Value.Count));
        parameters.AddValue(Array.ConvertAll(deltas, delta => delta.Value.AmountFen));
    }

    /// <summary>Called for each durable batch. Now and then starts adding up the deltas of its chain, one run at a time.</summary>
    public void OnCommitted(SealedBatch batch)
    {
        if (batch.Sequence % StorageLimits.BatchesPerFold == 0)
        {
            (long first, long last) = (HashChain.BatchId(batch.Chain, 0), HashChain.BatchId(batch.Chain, batch.Sequence));
            _folding.TryStart(stop => FoldAsync(OfBatches, command => command.Add(first).Add(last), stop));
        }
    }

    /// <summary>Adds up the rows left by chains that nobody writes any more.</summary>
    public Task FoldLeftAsync(string writer, DateTimeOffset now) =>
        _folding.RunAsync(stop => FoldAsync(Left, command => command.Add(writer).Add(now.AddDays(-1).ToUnixTimeMilliseconds()), stop));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _folding.DisposeAsync();

    private Task<int> FoldAsync(string where, Action<NpgsqlCommand> bind, CancellationToken stop) => _connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new(
                $"""
                WITH taken AS (DELETE FROM delta_batches WHERE {where} RETURNING *)
                INSERT INTO deltas AS d (chain, day, from_region, to_region, activity, tier, count, amount_fen)
                SELECT (t.batch >> 32)::integer, p.day, p.from_region, p.to_region, p.activity, p.tier, sum(p.count)::bigint, sum(p.amount_fen)::bigint
                FROM taken t,
                    unnest(t.days, t.from_regions, t.to_regions, t.activities, t.tiers, t.counts, t.amounts_fen)
                        AS p(day, from_region, to_region, activity, tier, count, amount_fen)
                GROUP BY 1, 2, 3, 4, 5, 6
                ON CONFLICT (chain, day, from_region, to_region, activity, tier)
                    DO UPDATE SET count = d.count + excluded.count, amount_fen = d.amount_fen + excluded.amount_fen
                """,
                connection);
            bind(command);
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        },
        stop);
}
