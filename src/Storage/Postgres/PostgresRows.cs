using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Rows to values.</summary>
internal static class PostgresRows
{
    /// <summary>The columns that <see cref="ReadEntry(NpgsqlDataReader)"/> reads, in its order.</summary>
    public const string EntryColumns =
        "account, version, operation, leg, kind, personal_fen, wallet_fen, held_fen, quota_fen, personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen, at, detail";

    private const int DetailColumn = 14;

    public static Entry ReadEntry(NpgsqlDataReader row)
    {
        EntryKind kind = (EntryKind)row.GetInt16(4);
        return ReadEntry(row, EntryDetailCodec.Decode(kind, ReadDetail(row)));
    }

    public static EncodedEntry ReadEncodedEntry(NpgsqlDataReader row)
    {
        EntryKind kind = (EntryKind)row.GetInt16(4);
        byte[]? detail = ReadDetail(row);
        return new EncodedEntry(ReadEntry(row, EntryDetailCodec.Decode(kind, detail)), detail);
    }

    public static StoredHold ReadHold(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        (Leg)row.GetInt16(1),
        row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.GetBoolean(5));

    public static KeyValuePair<DeltaKey, DeltaSum> ReadDelta(NpgsqlDataReader row) => new(
        new DeltaKey(
            (Activity)row.GetInt16(0),
            (Tier)row.GetInt16(1),
            row.GetFieldValue<DateOnly>(2),
            RegionCode.FromValue(row.GetInt32(3)),
            RegionCode.FromValue(row.GetInt32(4))),
        new DeltaSum(row.GetInt64(5), row.GetInt64(6)));

    private static byte[]? ReadDetail(NpgsqlDataReader row) =>
        row.IsDBNull(DetailColumn) ? null : row.GetFieldValue<byte[]>(DetailColumn);

    private static Entry ReadEntry(NpgsqlDataReader row, EntryDetail? detail) => new()
    {
        Account = row.GetString(0),
        Version = row.GetInt64(1),
        Operation = row.GetGuid(2),
        Leg = (Leg)row.GetInt16(3),
        Kind = (EntryKind)row.GetInt16(4),
        Amounts = new Amounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
        Balances = new Amounts(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
        Detail = detail,
    };
}
