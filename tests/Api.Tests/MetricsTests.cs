using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>What Prometheus scrapes. Meters count per process, so the compared figures come from a process without other clients.</summary>
public sealed partial class MetricsTests(MetricsTests.Story story) : IClassFixture<MetricsTests.Story>
{
    /// <summary>These describe the last collection, so they are absent until there was one.</summary>
    private static readonly string[] ShownLater = ["dotnet_gc_last_collection_heap_size_bytes", "dotnet_gc_last_collection_memory_committed_size_bytes"];

    [Fact]
    public void Answer_is_of_the_version_that_Prometheus_reads()
    {
        MediaTypeHeaderValue type = story.After.Response.Content.Headers.ContentType!;

        Assert.Equal((200, "text/plain", "0.0.4"), (story.After.Status, type.MediaType, type.Parameters.Single(parameter => parameter.Name == "version").Value));
    }

    [Fact]
    public async Task Every_metric_is_in_the_operators_list_and_every_one_of_the_list_is_there()
    {
        string[] shown = [.. MetricName().Matches(story.After.Text).Select(match => match.Groups["name"].Value)];
        string manual = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "operating.md"));
        string[] listed = [.. ListedName().Matches(manual[manual.IndexOf("## What to watch", StringComparison.Ordinal)..]).Select(match => match.Groups["name"].Value)];

        Assert.NotEmpty(shown);
        Assert.Equal(shown.Length, shown.Distinct().Count());
        Assert.Equal(listed.Order(StringComparer.Ordinal), shown.Union(ShownLater).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_line_is_of_the_text_format_and_every_series_of_a_metric_that_was_announced()
    {
        Dictionary<string, string> types = [];
        foreach (string line in story.After.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                types.Add(type.Groups["name"].Value, type.Groups["type"].Value);
                Assert.Equal(type.Groups["type"].Value == "counter", type.Groups["name"].Value.EndsWith("_total", StringComparison.Ordinal));
            }
            else if (!HelpLine().IsMatch(line))
            {
                Match sample = SampleLine().Match(line);
                Assert.True(sample.Success, line);
                string name = sample.Groups["name"].Value;
                Assert.True(types.ContainsKey(name) || types.GetValueOrDefault(HistogramPart().Replace(name, "")) == "histogram", line);
            }
        }

        Assert.EndsWith("\n", story.After.Text, StringComparison.Ordinal);
        Dictionary<string, double> after = Read(story.After.Text);
        Assert.Equal(after["gongji_journal_batch_entries_count"], after["gongji_journal_batch_entries_bucket{le=\"+Inf\"}"]);
    }

    [Fact]
    public void Labels_name_routes_and_codes_and_never_a_person()
    {
        string text = story.After.Text;

        Assert.DoesNotContain(Story.Giver, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Story.Taker, text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/v1/persons/{person}\"", text, StringComparison.Ordinal);
        Assert.Subset(
            new HashSet<string>
            {
                "http_route", "http_request_method", "http_response_status_code", "le", "code", "op", "outcome", "version", "grain_runtime", "store",
                "gc_heap_generation", "cpu_mode",
            },
            LabelName().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet());
    }

    [Fact]
    public void Counters_of_what_should_not_happen_are_there_before_it_happens()
    {
        Dictionary<string, double> before = Read(story.Before.Text);

        foreach (string name in new[] { "journal_conflicts", "journal_poisoned_writers", "journal_unknown_outcomes", "sweeper_found", "sweeper_ended", "sweeper_returned" })
        {
            Assert.Equal(0, before[$"gongji_{name}_total"]);
        }
    }

    [Fact]
    public void Process_counts_what_it_did()
    {
        (Dictionary<string, double> before, Dictionary<string, double> after) = (Read(story.Before.Text), Read(story.After.Text));

        Assert.Equal(1, after["http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"201\",http_route=\"/v1/transfers\"}"]);
        Assert.Equal(1, after["gongji_api_problems_total{code=\"previous-transfer-waiting\",http_route=\"/v1/transfers\"}"]);
        Assert.Equal(1, after["gongji_api_problems_total{code=\"unsupported\",http_route=\"/national/{infno}\"}"]);
        Assert.Equal(1, after["gongji_api_lines_total{op=\"credit\",outcome=\"done\"}"]);
        Assert.Equal(1, after["gongji_api_lines_total{op=\"payment\",outcome=\"no-such-person\"}"]);
        Assert.Equal(1, after["gongji_api_lines_total{op=\"unknown\",outcome=\"malformed\"}"]);
        Assert.Equal(1, after["gongji_sweeper_returned_total"]);
        Assert.Equal(1, after["gongji_sweeper_ended_total"]);
        Assert.True(after["gongji_sweeper_found_total"] >= 1);

        // Two persons, two wallets, two credits, hold, decline, void.
        Assert.Equal(9, after["gongji_journal_entries_total"] - before["gongji_journal_entries_total"]);
        Assert.Equal(after["gongji_journal_entries_total"], after["gongji_journal_batch_entries_sum"]);
        Assert.Equal(after["gongji_journal_batch_entries_count"], after["gongji_journal_commit_duration_seconds_count"]);
        Assert.Equal((1, 1, 0), (after["gongji_ready"], after["gongji_journal_healthy"], after["gongji_journal_queue"]));
        Assert.InRange(after["gongji_sweeper_round_age_seconds"], 0, 60);
        string build = after.Keys.Single(series => series.StartsWith("gongji_build_info", StringComparison.Ordinal));
        Assert.Contains($"grain_runtime=\"{Gongji.Silo.GongjiSilo.RuntimeName}\"", build, StringComparison.Ordinal);
        Assert.Contains("store=\"sqlite\"", build, StringComparison.Ordinal);
        Assert.Matches("version=\"[0-9]+\\.", build);
    }

    /// <summary>All series, with their labels sorted, and their values.</summary>
    private static Dictionary<string, double> Read(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => SampleLine().Match(line)).Where(sample => sample.Success)
        .ToDictionary(sample => sample.Groups["name"].Value + Ordered(sample.Groups["labels"].Value), sample => double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));

    private static string Ordered(string labels) =>
        labels is "" or "{}" ? "" : $"{{{string.Join(',', OneLabel().Matches(labels).Select(match => match.Value).Order(StringComparer.Ordinal))}}}";

    [GeneratedRegex("^# TYPE (?<name>[a-z0-9_]+) ", RegexOptions.Multiline)]
    private static partial Regex MetricName();

    [GeneratedRegex("^\\| `(?<name>[a-z0-9_]+)`", RegexOptions.Multiline)]
    private static partial Regex ListedName();

    [GeneratedRegex("^# TYPE (?<name>[a-z0-9_]+) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^# (HELP|UNIT) [a-z0-9_]+ .+$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^(?<name>[a-z0-9_]+)(?<labels>\\{([a-z0-9_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? (?<value>[-+0-9.eE]+|NaN|[-+]Inf)( [0-9]+)?$")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex("[{,](?<name>[a-z0-9_]+)=\"")]
    private static partial Regex LabelName();

    [GeneratedRegex("[a-z0-9_]+=\"([^\"\\\\]|\\\\.)*\"")]
    private static partial Regex OneLabel();

    /// <summary>A process in which a transfer is made, another is refused and lines are sent; the first transfer returns at 06:00. Keeps the metrics from before and after.</summary>
    public sealed class Story : IAsyncLifetime
    {
        internal const string Giver = "g1v3r";
        internal const string Taker = "t4k3r";

        internal Answer Before { get; private set; } = null!;

        internal Answer After { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            using TemporaryDirectory data = new();
            await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName, "--demo-regions", "--clock", "2024-12-02T09:00:00+08:00");
            using Caller http = new(process.Address);
            Before = await http.GetAsync("/metrics");
            await http.PutAsync($"/v1/persons/{Giver}", $$"""{"region":"{{RunningApp.Suzhou}}","insurance":"employee","status":"active"}""");
            await http.PutAsync($"/v1/persons/{Taker}", $$"""{"region":"{{RunningApp.Zhengzhou}}","insurance":"resident","status":"active"}""");
            await http.PostAsync($"/v1/persons/{Giver}/wallet", $$"""{"usePlace":"{{RunningApp.Suzhou}}"}""");
            await http.PostAsync($"/v1/persons/{Taker}/wallet", $$"""{"usePlace":"{{RunningApp.Zhengzhou}}"}""");
            await http.PostAsync($"/v1/persons/{Giver}/credits", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":1000,"period":"2024-12"}""");
            Assert.Equal(201, (await http.PostAsync("/v1/transfers", RunningApp.TransferBody(Guid.CreateVersion7(), Giver, Taker, 300))).Status);
            Assert.Equal(422, (await http.PostAsync("/v1/transfers", RunningApp.TransferBody(Guid.CreateVersion7(), Giver, Taker, 300))).Status);
            Assert.Equal(200, (await http.PostAsync("/national/9999", """{"infno":"9999","msgid":"m","fixmedins_code":"H41010000001"}""")).Status);
            string lines = $$"""
                {"op":"credit","person":"{{Giver}}","id":"{{Guid.CreateVersion7()}}","amountFen":5,"period":"2024-12"}
                {"op":"payment","id":"{{Guid.CreateVersion7()}}","person":"nobody","institution":"H41010000001","amountFen":5}
                {"op":"loan"}
                """;
            await http.SendAsync(HttpMethod.Post, "/v1/batch", Caller.Bytes(System.Text.Encoding.UTF8.GetBytes(lines), "application/x-ndjson"));
            Assert.Equal(200, (await http.PutAsync("/v1/clock", """{"now":"2024-12-03T06:00:00+08:00"}""")).Status);
            After = await http.GetAsync("/metrics");
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
