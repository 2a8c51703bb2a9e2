using System.Globalization;
using System.Net;
using System.Text;

namespace Gongji.LoadTest;

/// <summary>A page with throughput and latency over time for each scenario. Self-contained: inline SVG, nothing is loaded.</summary>
internal static class PlotPage
{
    private const double Width = 560;
    private const double Height = 170;
    private const double Left = 64;
    private const double Bottom = 22;
    private const double Top = 10;

    private const string Head = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Gongji benchmark</title>
        <style>
        :root { color-scheme: light dark; --ink: #1c2430; --dim: #667; --line: #d9dde3; --paper: #fff; --a: #1667b7; --b: #c2571a; --warm: #0001; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --dim: #9aa4b2; --line: #333b46; --paper: #12161c; --a: #6db3f2; --b: #f0a15e; --warm: #fff1; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .2rem .8rem .2rem 0; text-align: right; } td:first-child, th:first-child { text-align: left; }
        th { color: var(--dim); font-weight: 500; } .dim { color: var(--dim); }
        .charts { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; } figcaption { color: var(--dim); font-size: .85rem; }
        svg { max-width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--dim); } .grid { stroke: var(--line); } .warm { fill: var(--warm); }
        .a, .b { fill: none; stroke-width: 1.6; stroke-linejoin: round; } .a { stroke: var(--a); } .b { stroke: var(--b); } .ka { color: var(--a); } .kb { color: var(--b); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dt { color: var(--dim); } dd { margin: 0; }
        </style>

        """;

    public static string Write(BenchReport report)
    {
        StringBuilder page = new(Head);
        page.Append("<h1>Gongji benchmark</h1>\n");
        AppendTable(page, report);
        foreach (ScenarioResult result in report.Scenarios.Concat(report.Peers))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Html(result.Name)}</h2>\n<div class=\"charts\">\n");
            AppendChart(page, "transfers per second", result.Series, ("a", point => point.PerSecond));
            AppendChart(page, "latency, ms: <span class=\"ka\">median</span>, <span class=\"kb\">99th percentile</span>", result.Series, ("a", point => point.P50Ms), ("b", point => point.P99Ms));
            page.Append("</div>\n");
        }

        AppendFacts(page, report);
        return page.Append("</html>\n").ToString();
    }

    private static void AppendTable(StringBuilder page, BenchReport report)
    {
        page.Append("<table><tr><th><th>transfers/s<th>p50 ms<th>p99 ms<th>max ms<th>client cores<th>server cores</tr>\n");
        foreach (ScenarioResult result in report.Scenarios.Concat(report.Peers))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(result.Name)}<td>{result.TransfersPerSecond:N0}<td>{result.P50Ms:F1}<td>{result.P99Ms:F1}<td>{result.MaxMs:F1}<td>{result.ClientCores:F2}<td>{(result.ServerCores > 0 ? result.ServerCores.ToString("F2", CultureInfo.InvariantCulture) : "")}</tr>\n");
        }

        page.Append("</table>\n<table>\n");
        foreach ((string name, double ratio) in report.Ratios)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html(name)}<td>{ratio:F2}</tr>\n");
        }

        page.Append("</table>\n");
        if (report.Audit is { } audit)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>Audit: {audit.Checked:N0} facts checked, {audit.Violations:N0} violations.</p>\n");
        }
    }

    private static void AppendFacts(StringBuilder page, BenchReport report)
    {
        page.Append("<h2>Machine and settings</h2>\n<dl>\n");
        foreach ((string name, string value) in report.Machine.Concat(report.Settings))
        {
            page.Append(CultureInfo.InvariantCulture, $"<dt>{Html(name)}<dd>{Html(value)}\n");
        }

        page.Append("</dl>\n");
    }

    private static void AppendChart(
        StringBuilder page, string caption, IReadOnlyList<SeriesPoint> series, params ReadOnlySpan<(string Style, Func<SeriesPoint, double> Value)> lines)
    {
        double xMax = series.Count == 0 ? 1 : Math.Max(series[^1].Seconds, 1e-3);
        double yMax = 1e-3;
        foreach ((_, Func<SeriesPoint, double> value) in lines)
        {
            yMax = Math.Max(yMax, series.Select(value).DefaultIfEmpty().Max());
        }

        double step = NiceStep(yMax / 4);
        yMax = Math.Ceiling(yMax / step) * step;
        double X(double seconds) => Left + seconds / xMax * (Width - Left - 8);
        double Y(double value) => Top + (1 - value / yMax) * (Height - Top - Bottom);
        page.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\">\n");
        foreach ((double from, double until) in WarmUps(series))
        {
            page.Append(CultureInfo.InvariantCulture, $"<rect class=\"warm\" x=\"{X(from):F1}\" y=\"{Top}\" width=\"{X(until) - X(from):F1}\" height=\"{Height - Top - Bottom}\"><title>warm-up</title></rect>\n");
        }

        for (double y = 0; y <= yMax + step / 2; y += step)
        {
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - 8}\" y1=\"{Y(y):F1}\" y2=\"{Y(y):F1}\"/><text x=\"{Left - 6}\" y=\"{Y(y) + 4:F1}\" text-anchor=\"end\">{y:#,0.##}</text>\n");
        }

        double xStep = NiceStep(xMax / 6);
        for (double x = 0; x <= xMax; x += xStep)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):F1}\" y=\"{Height - 6}\" text-anchor=\"middle\">{x:0.#} s</text>\n");
        }

        foreach ((string style, Func<SeriesPoint, double> value) in lines)
        {
            string points = string.Join(' ', series.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Seconds):F1},{Y(value(point)):F1}")));
            page.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{style}\" points=\"{points}\"/>\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"</svg><figcaption>{caption}</figcaption></figure>\n");
    }

    /// <summary>The periods in which a scenario was warmed up, one per round.</summary>
    private static IEnumerable<(double From, double Until)> WarmUps(IReadOnlyList<SeriesPoint> series)
    {
        double from = 0;
        double before = 0;
        bool wasMeasured = true;
        foreach ((double seconds, bool isMeasured) in series.Select(point => (point.Seconds, point.IsMeasured)))
        {
            if (isMeasured && !wasMeasured)
            {
                yield return (from, before);
            }

            from = wasMeasured && !isMeasured ? before : from;
            (before, wasMeasured) = (seconds, isMeasured);
        }
    }

    /// <summary>The least number of the form 1, 2 or 5 times a power of ten that is not below a given one.</summary>
    private static double NiceStep(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 1e-6))));
        double multiple = least / power;
        return power * (multiple <= 1 ? 1 : multiple <= 2 ? 2 : multiple <= 5 ? 5 : 10);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
