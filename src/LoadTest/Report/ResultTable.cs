using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>The table of figures for people.</summary>
internal static class ResultTable
{
    public static void WriteHead(TextWriter output) =>
        output.WriteLine($"{"",-26}{"transfers/s",12}{"p50 ms",10}{"p99 ms",10}{"max ms",10}{"client cores",14}{"server cores",14}");

    public static void WriteRow(TextWriter output, ScenarioResult result)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Name,-26}{result.TransfersPerSecond,12:N0}{result.P50Ms,10:F1}{result.P99Ms,10:F1}{result.MaxMs,10:F1}{result.ClientCores,14:F2}{result.ServerCores,14:F2}"));
        foreach (string note in result.Notes)
        {
            output.WriteLine($"  {note}");
        }
    }

    public static void WriteEnd(TextWriter output, BenchReport report)
    {
        output.WriteLine();
        foreach ((string name, double ratio) in report.Ratios)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50}{ratio,8:F2}"));
        }

        foreach (string skipped in report.Skipped)
        {
            output.WriteLine(skipped);
        }

        if (report.Audit is { } audit)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"audit: {audit.Checked:N0} facts checked, {audit.Violations:N0} violations"));
        }
    }
}
