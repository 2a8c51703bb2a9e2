using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Rows to values.</summary>
internal static class PostgresRows
{
    /// <summary>The columns that <see cref="ReadEntry(NpgsqlDataReader)"/> and <see cref="ReadRow"/> read, in their order.</summary>
    public const string EntryColumns =
        "account, version, operation, leg, kind, personal_fen, wallet_fen, held_fen, quota_fen, personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen, at, detail, outcome, position";

    /// <summary>How many those are: what a query adds stands at this place.</summary>
    public const int EntryColumnsCount = 17;

    private const int DetailColumn = 14;
    private const int OutcomeColumn = 15;
    private const int PositionColumn = 16;

    /// <summary>The entry that a row was made for, without the outcome that may be in it.</summary>
    public static Entry ReadEntry(NpgsqlDataReader row)
    {
        EntryKind kind = (EntryKind)row.GetInt16(4);
        return ReadEntry(row, EntryDetailCodec.Decode(kind, ReadBytes(row, DetailColumn)));
    }

    /// <summary>All that is in a row.</summary>
    public static PostgresRow ReadRow(NpgsqlDataReader row)
    {
        byte[]? detail = ReadBytes(row, DetailColumn);
        Entry entry = ReadEntry(row, EntryDetailCodec.Decode((EntryKind)row.GetInt16(4), detail));
        if (ReadBytes(row, OutcomeColumn) is not { } bytes)
        {
            return new PostgresRow(new EncodedEntry(entry, detail), row.GetInt32(PositionColumn), null, 0);
        }

        EncodedEntry outcome = PostgresOutcome.Decode(entry, bytes, out int position);
        return new PostgresRow(new EncodedEntry(entry, detail), row.GetInt32(PositionColumn), outcome, position);
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

    private static byte[]? ReadBytes(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

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

/// <summary>A row of entries: one, or one and what ends it.</summary>
/// <param name="First">The entry that the row was made for.</param>
/// <param name="Position">Its place in the batch.</param>
/// <param name="Outcome">The next version of the same account, if it is in the row.</param>
/// <param name="OutcomePosition">That one's place in the batch.</param>
internal readonly record struct PostgresRow(EncodedEntry First, int Position, EncodedEntry? Outcome, int OutcomePosition)
{
    /// <summary>Adds the entries, in the order of their versions.</summary>
    public void AddTo(List<Entry> entries)
    {
        entries.Add(First.Entry);
        if (Outcome is { } outcome)
        {
            entries.Add(outcome.Entry);
        }
    }
}
