using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gongji.Api.Http;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Compares alerts, recording rules and the dashboard with what the product exports: renaming a metric, label, route or code must not silence them.</summary>
public sealed partial class MetricsTests
{
    /// <summary>Series of Prometheus itself, with the labels that it gives to all.</summary>
    private static readonly Dictionary<string, string[]> OfPrometheus = new() { ["up"] = [], ["ALERTS"] = ["alertname", "alertstate", "severity"] };

    private static readonly string[] OfEveryTarget = ["job", "instance"];

    [Fact]
    public void Expressions_ask_for_metrics_and_labels_that_are_there()
    {
        Dictionary<string, HashSet<string>> there = SeriesThatAreThere();

        Assert.NotEmpty(Watching.Alerts);
        Assert.NotEmpty(Watching.Panels);
        Assert.Empty(
            from asked in Watching.Expressions
            from wrong in NotThere(PromQl.Read(asked.Expression), there)
            select $"{asked.Place}: {wrong}");
    }

    [Fact]
    public void Every_metric_is_asked_for_by_the_dashboard_or_a_rule()
    {
        string[] metrics = [.. MetricName().Matches(story.After.Text).Select(match => match.Groups["name"].Value).Union(ShownLater)];
        string[] recorded = [.. Watching.Rules.Where(rule => rule.Record is not null).Select(rule => rule.Record!)];
        HashSet<string> asked = [.. Watching.Expressions.SelectMany(asked => PromQl.Read(asked.Expression).Selectors).Select(selector => selector.Metric)];

        Assert.Empty(metrics.Except(asked).Except(asked.Select(name => HistogramPart().Replace(name, ""))));
        Assert.Empty(recorded.Except(asked));
    }

    [Fact]
    public void Expressions_name_routes_and_codes_of_the_contract()
    {
        string[] routes = [.. JsonNode.Parse(Watching.Text("openapi.v1.json"))!["paths"]!.AsObject().Select(path => path.Key)];
        string otherwise = ProblemCodes.TitleOf("no such code");

        IEnumerable<string> wrong =
            from asked in Watching.Expressions
            from selector in PromQl.Read(asked.Expression).Selectors
            from matcher in selector.Matchers
            from value in matcher.Values
            where matcher.Label switch
            {
                "http_route" => !routes.Any(route => matcher.Operator is "=" or "!=" ? route == value : Regex.IsMatch(route, $"^({value})$")),
                "code" or "outcome" => ProblemCodes.TitleOf(value) == otherwise,
                _ => false,
            }
            select $"{asked.Place}: {matcher.Label} {value}";

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Alerts_say_how_urgent_they_are_what_they_mean_and_where_the_manual_says_what_to_do()
    {
        string manual = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "operating.md"));
        HashSet<string> sections = [.. Heading().Matches(manual).Select(heading => Anchor().Replace(heading.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

        Assert.All(Watching.Alerts, alert =>
        {
            Assert.Contains(alert.Labels["severity"], new[] { "page", "ticket" });
            Assert.NotEmpty(alert.Annotations["summary"]);
            Assert.NotEmpty(alert.Annotations["description"]);
            string[] runbook = alert.Annotations["runbook"].Split('#');
            Assert.Equal("docs/operating.md", runbook[0]);
            Assert.Contains(runbook[1], sections);
        });
    }

    /// <summary>The manual lists the alerts that page, and says what to do about each alert without a section of its own.</summary>
    [Fact]
    public async Task Manual_names_the_alerts_that_page_and_those_that_lead_to_its_section_of_alerts()
    {
        string manual = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "operating.md"));
        string section = AlertsSection().Match(manual).Value;
        string[] named = [.. AlertName().Matches(section).Select(name => name.Value).Distinct()];

        Assert.Empty(named.Except(Watching.Alerts.Select(alert => alert.Alert)));
        Assert.Empty(Watching.Alerts
            .Where(alert => alert.Labels["severity"] == "page" || alert.Annotations["runbook"].EndsWith("#alerts-and-dashboard", StringComparison.Ordinal))
            .Select(alert => alert.Alert).Except(named));
    }

    [Fact]
    public void Alerts_are_each_seen_to_fire_by_a_test()
    {
        string tests = Watching.Text("prometheus/alerts_test.yaml");

        Assert.Empty(Watching.Alerts.Where(alert => !tests.Contains($"alertname=\"{alert.Alert}\"", StringComparison.Ordinal)).Select(alert => alert.Alert));
    }

    [PromtoolFact]
    public async Task Alerts_fire_when_they_should_and_not_otherwise()
    {
        foreach (string[] arguments in new[] { new[] { "check", "config", "prometheus.yaml" }, ["test", "rules", "alerts_test.yaml"] })
        {
            ProcessStartInfo start = new("promtool", arguments) { WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "prometheus"), RedirectStandardOutput = true, RedirectStandardError = true };
            using Process promtool = Process.Start(start)!;
            Task<string> complaints = promtool.StandardError.ReadToEndAsync();
            string output = await promtool.StandardOutput.ReadToEndAsync() + await complaints;
            await promtool.WaitForExitAsync();
            Assert.True(promtool.ExitCode == 0, output);
        }
    }

    [Fact]
    public void Prometheus_scrapes_the_job_that_is_asked_for_and_loads_the_alerts()
    {
        string job = Assert.Single(Watching.Prometheus.ScrapeConfigs).JobName;

        Assert.Equal(["alerts.yaml"], Watching.Prometheus.RuleFiles);
        Assert.All(
            Watching.Expressions.SelectMany(asked => PromQl.Read(asked.Expression).Selectors).SelectMany(selector => selector.Matchers).Where(matcher => matcher.Label == "job"),
            matcher => Assert.Equal(job, matcher.Value));
    }

    [Fact]
    public void Panels_say_what_they_show_of_the_silos_that_are_chosen()
    {
        int[] ids = [.. Watching.Dashboard["panels"]!.AsArray().Select(panel => (int)panel!["id"]!)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(["datasource", "instance"], Watching.Dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!));
        Assert.All(Watching.Panels, panel =>
        {
            Assert.NotEmpty((string)panel["description"]!);
            Assert.True(panel["fieldConfig"]!["defaults"]!["unit"] is not null || (string?)panel["type"] is "table" or "state-timeline", $"{panel["title"]} has no unit");
            Assert.Equal("${datasource}", (string?)panel["datasource"]!["uid"]);
        });
        Assert.Empty(
            from asked in Watching.Expressions
            where asked.Place.StartsWith("panel ", StringComparison.Ordinal)
            from selector in PromQl.Read(asked.Expression).Selectors
            where selector.Metric is not ("ALERTS" or "gongji:silo_memory_bytes") && !selector.Matchers.Any(matcher => matcher is { Label: "instance", Value: "$instance" })
            select $"{asked.Place}: {selector.Metric}");
    }

    [Fact]
    public void Names_and_labels_are_found_in_every_kind_of_expression()
    {
        PromQl read = PromQl.Read("""
            sum by (a, le) (rate(one_total{b="x|y", c=~"/v/{p}|z"}[5m]) / on (d) group_left (e) two) > 0.5e3
              and min_over_time(three[1m:]) unless four offset 15m or vector(0) == 1 + five{}
            """);

        Assert.Equal(["one_total", "five", "two", "three", "four"], read.Selectors.Select(selector => selector.Metric));
        Assert.Equal([new("b", "=", "x|y"), new("c", "=~", "/v/{p}|z")], read.Selectors[0].Matchers);
        Assert.Equal(["a", "le", "d", "e"], read.GroupLabels);
        Assert.Throws<FormatException>(() => PromQl.Read("label_replace(one, \"a\", \"$1\", \"b\", \".*\")"));
    }

    /// <summary>The names of all series, each with its labels.</summary>
    private Dictionary<string, HashSet<string>> SeriesThatAreThere()
    {
        Dictionary<string, HashSet<string>> there = OfPrometheus.ToDictionary(own => own.Key, own => own.Value.Union(OfEveryTarget).ToHashSet());
        foreach (Match sample in story.After.Text.Split('\n').Select(line => SampleLine().Match(line)).Where(sample => sample.Success))
        {
            there.TryAdd(sample.Groups["name"].Value, [.. OfEveryTarget]);
            there[sample.Groups["name"].Value].UnionWith(LabelName().Matches(sample.Groups["labels"].Value).Select(label => label.Groups["name"].Value));
        }

        foreach (string later in ShownLater)
        {
            there.TryAdd(later, [.. OfEveryTarget, "gc_heap_generation"]);
        }

        // A recorded series has the labels by which its rule aggregates.
        foreach (Watching.Rule rule in Watching.Rules.Where(rule => rule.Record is not null))
        {
            there.Add(rule.Record!, [.. PromQl.Read(rule.Expr).GroupLabels]);
        }

        return there;
    }

    private static IEnumerable<string> NotThere(PromQl asked, Dictionary<string, HashSet<string>> there)
    {
        foreach (PromQl.Selector selector in asked.Selectors.Where(selector => !there.ContainsKey(selector.Metric)))
        {
            yield return selector.Metric;
        }

        PromQl.Selector[] known = [.. asked.Selectors.Where(selector => there.ContainsKey(selector.Metric))];
        foreach ((PromQl.Selector selector, PromQl.Matcher matcher) in known.SelectMany(selector => selector.Matchers.Select(matcher => (selector, matcher))))
        {
            if (!there[selector.Metric].Contains(matcher.Label))
            {
                yield return $"{selector.Metric} by {matcher.Label}";
            }
        }

        foreach (string label in asked.GroupLabels.Where(label => !known.Any(selector => there[selector.Metric].Contains(label))))
        {
            yield return $"label {label}";
        }
    }

    [GeneratedRegex("^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex Anchor();

    [GeneratedRegex("^## Alerts and dashboard\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex AlertsSection();

    [GeneratedRegex("Gongji[A-Z][A-Za-z]+")]
    private static partial Regex AlertName();
}
