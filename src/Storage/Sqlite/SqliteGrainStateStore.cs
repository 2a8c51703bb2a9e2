using System.Globalization;

namespace Gongji.Storage;

/// <summary>Grain state in SQLite. The ETag is the document's version.</summary>
internal sealed class SqliteGrainStateStore(SqliteSessions sessions) : IGrainStateStore
{
    private const string Next = "(SELECT last FROM grain_state_versions)";

    /// <inheritdoc/>
    public Task<(byte[]? Payload, string? ETag)> ReadAsync(string name, string key, CancellationToken cancellationToken) => sessions.ReadAsync(
        session =>
        {
            SqliteStatement statement = session.Statement("SELECT payload, version FROM grain_state WHERE name = ?1 AND key = ?2").Bind(1, name).Bind(2, key);
            (byte[]? Payload, string? ETag) found = statement.Step() ? (statement.GetBytes(0), Text(statement.GetInt64(1))) : (null, null);
            statement.Reset();
            return found;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<string?> WriteAsync(string name, string key, byte[] payload, string? etag, CancellationToken cancellationToken) => sessions.WriteAsync(
        session =>
        {
            session.Execute("BEGIN IMMEDIATE");
            session.Execute("UPDATE grain_state_versions SET last = last + 1");
            SqliteStatement write = session.Statement(etag is null
                ? $"INSERT INTO grain_state (name, key, payload, version) VALUES (?1, ?2, ?3, {Next}) ON CONFLICT DO NOTHING RETURNING version"
                : $"UPDATE grain_state SET payload = ?3, version = {Next} WHERE name = ?1 AND key = ?2 AND version = ?4 RETURNING version");
            write.Bind(1, name).Bind(2, key).Bind(3, payload);
            if (etag is not null)
            {
                write.Bind(4, ParseETag(etag));
            }

            string? written = write.Step() ? Text(write.GetInt64(0)) : null;
            write.Reset();
            session.Execute("COMMIT");
            return written;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ClearAsync(string name, string key, string? etag, CancellationToken cancellationToken) => sessions.WriteAsync(
        session => etag is null
            ? !session.Statement("SELECT 1 FROM grain_state WHERE name = ?1 AND key = ?2").Bind(1, name).Bind(2, key).Any()
            : session.Statement("DELETE FROM grain_state WHERE name = ?1 AND key = ?2 AND version = ?3 RETURNING 1")
                .Bind(1, name).Bind(2, key).Bind(3, ParseETag(etag)).Any(),
        cancellationToken);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>An ETag that is not one of our versions matches nothing.</summary>
    private static long ParseETag(string etag) => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : -1;
}
