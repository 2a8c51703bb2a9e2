using System.Text;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Rows to entries. For one thread.</summary>
/// <param name="keepsDetails">Whether the entries' details are wanted as stored too.</param>
internal sealed class RowDecoder(bool keepsDetails)
{
    private readonly Text[] _texts = new Text[4_096];

    /// <summary>All that is in a row.</summary>
    /// <exception cref="System.Text.Json.JsonException">The detail or the outcome cannot be read: the store was changed from outside.</exception>
    /// <exception cref="ArgumentException">The same of the time.</exception>
    public PostgresRow Decode(ReadOnlySpan<byte> row, out long batch)
    {
        RowFields fields = RowFields.Of(row);
        ReadOnlySpan<byte> detail = fields.DetailIn(row);
        batch = fields.Batch;
        Entry entry = new()
        {
            Account = AccountOf(fields.AccountIn(row)),
            Version = fields.Version,
            Operation = fields.Operation,
            Leg = (Leg)fields.Leg,
            Kind = (EntryKind)fields.Kind,
            Amounts = fields.Amounts,
            Balances = fields.Balances,
            At = DateTimeOffset.FromUnixTimeMilliseconds(fields.At),
            Detail = EntryDetailCodec.Decode((EntryKind)fields.Kind, detail),
        };
        EncodedEntry first = new(entry, keepsDetails && fields.DetailLength >= 0 ? detail.ToArray() : null);
        if (fields.OutcomeLength < 0)
        {
            return new PostgresRow(first, fields.Position, null, 0);
        }

        EncodedEntry outcome = PostgresOutcome.Decode(entry, fields.OutcomeIn(row), out int position);
        return new PostgresRow(first, fields.Position, outcome, position);
    }

    /// <summary>Accounts come again and again: the same text is not made twice, when it was made lately.</summary>
    private string AccountOf(ReadOnlySpan<byte> utf8)
    {
        HashCode hash = default;
        hash.AddBytes(utf8);
        ref Text place = ref _texts[hash.ToHashCode() & (_texts.Length - 1)];
        if (place.Value is null || !utf8.SequenceEqual(place.Utf8))
        {
            place = new Text(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return place.Value!;
    }

    private readonly record struct Text(byte[]? Utf8, string? Value);
}
