using System.Text;
using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Reads values from rows.</summary>
internal static class PostgresRows
{
    /// <summary>The columns that <see cref="ReadEntry(NpgsqlDataReader)"/> and <see cref="ReadRow"/> read, in their order.</summary>
    public const string EntryColumns = "version, at, operation, position, leg, kind, body, outcome";

    /// <summary>The same columns, qualified by one of a query's tables.</summary>
    public static string ColumnsOf(string table) => string.Join(", ", EntryColumns.Split(", ").Select(column => $"{table}.{column}"));

    /// <summary>How many those are. A column that a query adds stands at this index.</summary>
    public const int EntryColumnsCount = 8;

    private const int BodyColumn = 6;
    private const int OutcomeColumn = 7;

    /// <summary>The entry that a row was made for, without the outcome that may be in it.</summary>
    public static Entry ReadEntry(NpgsqlDataReader row) => ReadEncoded(row).Entry;

    /// <summary>All entries in a row.</summary>
    public static PostgresRow ReadRow(NpgsqlDataReader row)
    {
        EncodedEntry first = ReadEncoded(row);
        if (row.IsDBNull(OutcomeColumn))
        {
            return new PostgresRow(first, row.GetInt32(3), null, 0);
        }

        EncodedEntry outcome = PostgresOutcome.Decode(first.Entry, row.GetFieldValue<byte[]>(OutcomeColumn), out int position);
        return new PostgresRow(first, row.GetInt32(3), outcome, position);
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

    private static EncodedEntry ReadEncoded(NpgsqlDataReader row)
    {
        PostgresBody body = PostgresBody.Read(row.GetFieldValue<byte[]>(BodyColumn));
        EntryKind kind = (EntryKind)row.GetInt16(5);
        Entry entry = new()
        {
            Account = Encoding.UTF8.GetString(body.Name),
            Version = row.GetInt64(0),
            Operation = row.GetGuid(2),
            Leg = (Leg)row.GetInt16(4),
            Kind = kind,
            Amounts = body.Amounts,
            Balances = body.Balances,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            Detail = EntryDetailCodec.Decode(kind, body.Detail),
        };
        return new EncodedEntry(entry, body.HasDetail ? body.Detail.ToArray() : null);
    }
}

/// <summary>A row of entries: one entry, or one and the outcome that ends it.</summary>
/// <param name="First">The entry that the row was made for.</param>
/// <param name="Position">Its place in the batch.</param>
/// <param name="Outcome">The next version of the same account, if it is in the row.</param>
/// <param name="OutcomePosition">The outcome's place in the batch.</param>
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
