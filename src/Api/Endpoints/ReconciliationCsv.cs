using System.Text.Json;
using CsvHelper;
using Gongji.Ledger;

namespace Gongji.Api.Endpoints;

/// <summary>The reconciliation file: a header, then a line for each movement, in the order of ids.</summary>
internal static class ReconciliationCsv
{
    public const string IdColumn = "id";
    public const string AmountColumn = "amountFen";

    /// <summary>The media types that an uploaded file may have; ours has the first.</summary>
    public static readonly string[] MediaTypes = ["text/csv", "application/csv"];

    private static readonly string[] Columns = [IdColumn, "person", "activity", "tier", "from", "to", AmountColumn, "at"];

    private static readonly CsvWriterOptions Format = new() { NewLine = "\n" };

    /// <summary>Writes lines as they come; a slow reader slows the writing.</summary>
    public static async Task WriteAsync(IAsyncEnumerable<Movement> movements, Stream body, CancellationToken cancellationToken)
    {
        await using CsvWriter csv = CsvWriter.Create(body, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        await foreach (Movement movement in movements)
        {
            DeltaKey key = movement.Key;
            csv.WriteField(movement.Id, "D");
            csv.WriteField(movement.Person ?? string.Empty);
            csv.WriteField(NameOf(key.Activity));
            csv.WriteField(Tiers.ToText(key.Tier));
            csv.WriteField(NameOf(key.From) ?? string.Empty);
            csv.WriteField(NameOf(key.To) ?? string.Empty);
            csv.WriteField(movement.AmountFen, default);
            csv.WriteField(BusinessTime.ToLocal(movement.At), "yyyy-MM-dd'T'HH:mm:ss.fffzzz");
            await csv.EndRecordAsync(cancellationToken);
        }
    }

    /// <summary>An activity's name in files and answers.</summary>
    public static string NameOf(Activity activity) => JsonNamingPolicy.KebabCaseLower.ConvertName(activity.ToString());

    /// <summary>A region's code; null for money from or to outside all regions.</summary>
    public static string? NameOf(RegionCode region) => region == RegionCode.Outside ? null : region.ToString();
}
