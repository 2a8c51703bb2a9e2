using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CsvHelper;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Endpoints;

/// <summary>Reads the other side's file, line by line. Errors name the number of the line.</summary>
internal static class UploadedCsv
{
    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        TrimWhitespace = true,
        AllowLineBreaksInQuotes = false,
        MaxRecordSize = ApiLimits.UploadedLineBytesMax,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        IncludeValuesInExceptions = false,
    };

    /// <summary>Opens temporary storage for the lines of a body; null when the temporary disk has no room.</summary>
    public static async Task<UploadedLines?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await UploadedLines.OpenAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Stores the lines of a body. Returns the problem when the body is not such a file, or is too large.</summary>
    public static async Task<ProblemAnswer?> ReadAsync(Stream body, UploadedLines lines, CancellationToken cancellationToken)
    {
        await using CsvReader csv = CsvReader.Create(body, Format, leaveOpen: true);
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
            return WrongHeader(csv) ?? await ReadLinesAsync(csv, lines, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return UploadSpace.NoRoom();
        }
        catch (CsvFormatException exception)
        {
            return Wrong(Math.Max(exception.LineNumber, 1), Describe(exception));
        }
    }

    /// <summary>Describes in this API's words what is wrong with a line. The library's exceptions can be told apart only by their messages.</summary>
    private static string Describe(CsvFormatException exception) =>
        exception.Message.Contains(nameof(CsvReaderOptions.MaxRecordSize), StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"is over {ApiLimits.UploadedLineBytesMax} bytes: see that every line ends with a line feed, and that every quote is closed")
        : exception.Message.Contains("quote", StringComparison.Ordinal)
            ? "has a quote in the wrong place: a field with quotes begins and ends with one on the same line, and one inside it is doubled"
        : "is not CSV (RFC 4180): separate fields by commas, and put a field that has one into quotes";

    private static ProblemAnswer? WrongHeader(CsvReader csv)
    {
        string[] names = [.. csv.Headers];
        string? missing = new[] { ReconciliationCsv.IdColumn, ReconciliationCsv.AmountColumn }.FirstOrDefault(name => !names.Contains(name));
        return missing is not null ? Wrong(1, $"must be a header with the columns {ReconciliationCsv.IdColumn} and {ReconciliationCsv.AmountColumn}, and has no {missing}")
            : names.Distinct(StringComparer.Ordinal).Count() < names.Length ? Wrong(1, "is the header, and names a column twice")
            : null;
    }

    private static async Task<ProblemAnswer?> ReadLinesAsync(CsvReader csv, UploadedLines lines, CancellationToken cancellationToken)
    {
        int idColumn = csv.GetFieldIndex(ReconciliationCsv.IdColumn);
        int amountColumn = csv.GetFieldIndex(ReconciliationCsv.AmountColumn);
        int columns = csv.Headers.Count;
        while (await csv.ReadAsync(cancellationToken))
        {
            if (csv.FieldCount != columns)
            {
                return Wrong(csv.LineNumber, string.Create(CultureInfo.InvariantCulture, $"has {csv.FieldCount} {(csv.FieldCount == 1 ? "field" : "fields")}, but the header has {columns}"));
            }

            if (!TryReadId(csv.GetSpan(idColumn), out Guid id))
            {
                return Wrong(csv.LineNumber, $"has the id {Quoted(csv.GetSpan(idColumn))}, which is not a UUID");
            }

            if (!TryReadAmount(csv.GetSpan(amountColumn), out long amountFen))
            {
                string why = IsWhole(csv.GetSpan(amountColumn)) ? $"not between -{Limits.BalanceFenMax} and {Limits.BalanceFenMax} fen" : "not a whole number of fen";
                return Wrong(csv.LineNumber, $"has the amount {Quoted(csv.GetSpan(amountColumn))}, which is {why}");
            }

            if (lines.Count == ApiLimits.UploadedLinesMax)
            {
                return ProblemAnswer.TooLarge($"The file has more than {ApiLimits.UploadedLinesMax} lines; no region has as many in a day.");
            }

            if (!await lines.TryAddAsync(id, amountFen, cancellationToken))
            {
                return Wrong(csv.LineNumber, "brings the sum of all amounts over what 64 bits hold");
            }
        }

        await lines.FlushAsync(cancellationToken);
        return null;
    }

    private static bool TryReadId(ReadOnlySpan<byte> field, out Guid id) => Utf8Parser.TryParse(field, out id, out int used, 'D') && used == field.Length;

    private static bool TryReadAmount(ReadOnlySpan<byte> field, out long fen) =>
        Utf8Parser.TryParse(field, out fen, out int used) && used == field.Length && fen is >= -Limits.BalanceFenMax and <= Limits.BalanceFenMax;

    private static bool IsWhole(ReadOnlySpan<byte> field) =>
        (field.StartsWith("-"u8) ? field[1..] : field) is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static string Quoted(ReadOnlySpan<byte> field)
    {
        const int shown = 60;
        return $"\"{Encoding.UTF8.GetString(field[..Math.Min(field.Length, shown)])}{(field.Length > shown ? "…" : "")}\"";
    }

    private static ProblemAnswer Wrong(long line, string what) =>
        ProblemAnswer.Malformed(string.Create(CultureInfo.InvariantCulture, $"Line {line} {what}. Nothing was compared."));
}
