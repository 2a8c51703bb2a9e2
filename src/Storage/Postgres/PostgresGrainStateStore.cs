using System.Globalization;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Grain state in PostgreSQL. The ETag is the document's version.</summary>
internal sealed class PostgresGrainStateStore(PostgresConnections connections) : IGrainStateStore
{
    /// <inheritdoc/>
    public Task<(byte[]? Payload, string? ETag)> ReadAsync(string name, string key, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new("SELECT payload, version FROM grain_state WHERE name = $1 AND key = $2", connection);
            command.Add(name).Add(key);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return await reader.ReadAsync(token).ConfigureAwait(false)
                ? (reader.GetFieldValue<byte[]>(0), reader.GetInt64(1).ToString(CultureInfo.InvariantCulture))
                : ((byte[]?, string?))(null, null);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<string?> WriteAsync(string name, string key, byte[] payload, string? etag, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new(
                etag is null
                    ? "INSERT INTO grain_state (name, key, payload, version) VALUES ($1, $2, $3, nextval('grain_state_versions')) ON CONFLICT DO NOTHING RETURNING version"
                    : "UPDATE grain_state SET payload = $3, version = nextval('grain_state_versions') WHERE name = $1 AND key = $2 AND version = $4 RETURNING version",
                connection);
            command.Add(name).Add(key).Add(payload);
            if (etag is not null)
            {
                command.Add(ParseETag(etag));
            }

            return ((long?)await command.ExecuteScalarAsync(token).ConfigureAwait(false))?.ToString(CultureInfo.InvariantCulture);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ClearAsync(string name, string key, string? etag, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            if (etag is null)
            {
                await using NpgsqlCommand look = new("SELECT EXISTS (SELECT 1 FROM grain_state WHERE name = $1 AND key = $2)", connection);
                look.Add(name).Add(key);
                return !(bool)(await look.ExecuteScalarAsync(token).ConfigureAwait(false))!;
            }

            await using NpgsqlCommand command = new("DELETE FROM grain_state WHERE name = $1 AND key = $2 AND version = $3", connection);
            command.Add(name).Add(key).Add(ParseETag(etag));
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false) > 0;
        },
        cancellationToken);

    /// <summary>An ETag that is not one of our versions matches nothing.</summary>
    private static long ParseETag(string etag) => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : -1;
}
