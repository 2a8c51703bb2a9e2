using System.Text;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Decodes rows into entries. Not thread-safe.</summary>
/// <param name="keepsDetails">Whether to return the entries' details in stored form too.</param>
internal sealed class RowDecoder(bool keepsDetails)
{
    private string _account = "";

    /// <summary>All entries in a row.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body, the detail or the outcome cannot be read: the store was changed from outside.</exception>
    /// <exception cref="ArgumentException">The time cannot be read: the store was changed from outside.</exception>
    public PostgresRow Decode(ReadOnlySpan<byte> row)
    {
        ref readonly RowFields fields = ref RowFields.Of(row);
        PostgresBody body = PostgresBody.Read(fields.BodyIn(row));
        Entry entry = new()
        {
            Account = AccountOf(body.Name),
            Version = fields.Version,
            Operation = fields.Operation,
            Leg = (Leg)fields.Leg,
            Kind = (EntryKind)fields.Kind,
            Amounts = body.Amounts,
            Balances = body.Balances,
            At = DateTimeOffset.FromUnixTimeMilliseconds(fields.At),
            Detail = EntryDetailCodec.Decode((EntryKind)fields.Kind, body.Detail),
        };
        EncodedEntry first = new(entry, keepsDetails && body.HasDetail ? body.Detail.ToArray() : null);
        if (fields.OutcomeLength < 0)
        {
            return new PostgresRow(first, fields.Position, null, 0);
        }

        EncodedEntry outcome = PostgresOutcome.Decode(entry, fields.OutcomeIn(row), out int position);
        return new PostgresRow(first, fields.Position, outcome, position);
    }

    /// <summary>In the order of accounts, the same account comes many times in a row; its string is made once.</summary>
    private string AccountOf(ReadOnlySpan<byte> utf8)
    {
        if (!Ascii.Equals(utf8, _account))
        {
            _account = Encoding.UTF8.GetString(utf8);
        }

        return _account;
    }
}
