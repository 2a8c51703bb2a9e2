using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Reads values from rows.</summary>
internal static class SqliteRows
{
    /// <summary>The columns that <see cref="ReadEncodedEntry"/> reads, in its order.</summary>
    public const string EntryColumns =
        "account, version, operation, leg, kind, personal_fen, wallet_fen, held_fen, quota_fen, personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen, at, detail";

    public const string HoldColumns = "operation, leg, account, held_at, expires_at, auto_accept";

    public static Entry ReadEntry(SqliteStatement row) => ReadEncodedEntry(row).Entry;

    /// <exception cref="FormatException">
    /// The row is not an entry: the store was changed from outside. The message names the operation, not the account, since such a text is logged.
    /// </exception>
    public static EncodedEntry ReadEncodedEntry(SqliteStatement row)
    {
        try
        {
            return Decode(row);
        }
        catch (Exception exception) when (Undecodable.Is(exception))
        {
            byte[] operation = row.GetBytes(2);
            string name = operation.Length == 16 ? new Guid(operation, bigEndian: true).ToString() : Convert.ToHexStringLower(operation);
            throw new FormatException($"version {row.GetInt64(1)} of an account, operation {name}, is no entry: {exception.Message}", exception);
        }
    }

    private static EncodedEntry Decode(SqliteStatement row)
    {
        byte[]? detail = row.IsNull(14) ? null : row.GetBytes(14);
        EntryKind kind = (EntryKind)row.GetInt32(4);
        Entry entry = new()
        {
            Account = row.GetString(0),
            Version = row.GetInt64(1),
            Operation = row.GetGuid(2),
            Leg = (Leg)row.GetInt32(3),
            Kind = kind,
            Amounts = new Amounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
            Balances = new Amounts(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
            At = row.GetTime(13),
            Detail = EntryDetailCodec.Decode(kind, detail),
        };
        return new EncodedEntry(entry, detail);
    }

    public static StoredHold ReadHold(SqliteStatement row) =>
        new(row.GetGuid(0), (Leg)row.GetInt32(1), row.GetString(2), row.GetTime(3), row.GetTime(4), row.GetInt64(5) != 0);

    /// <summary>Reads (activity, tier, day, from, to, count, amount).</summary>
    public static KeyValuePair<DeltaKey, DeltaSum> ReadDelta(SqliteStatement row) => new(
        new DeltaKey(
            (Activity)row.GetInt32(0),
            (Tier)row.GetInt32(1),
            DateOnly.FromDayNumber(row.GetInt32(2)),
            RegionCode.FromValue(row.GetInt32(3)),
            RegionCode.FromValue(row.GetInt32(4))),
        new DeltaSum(row.GetInt64(5), row.GetInt64(6)));

    public static List<T> ReadAll<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        List<T> rows = [];
        while (statement.Step())
        {
            rows.Add(read(statement));
        }

        return rows;
    }
}
