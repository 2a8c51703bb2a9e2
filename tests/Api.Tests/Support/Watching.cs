using System.Text.Json.Nodes;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Gongji.Api.Tests.Support;

/// <summary>The files under deploy/ that Prometheus and Grafana load, as far as the tests need them.</summary>
internal static class Watching
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build();

    public static IReadOnlyList<Rule> Rules { get; } = [.. Yaml.Deserialize<RuleFile>(Text("prometheus/alerts.yaml")).Groups.SelectMany(group => group.Rules)];

    public static IReadOnlyList<Rule> Alerts { get; } = [.. Rules.Where(rule => rule.Alert is not null)];

    public static Configuration Prometheus { get; } = Yaml.Deserialize<Configuration>(Text("prometheus/prometheus.yaml"));

    public static JsonNode Dashboard { get; } = JsonNode.Parse(Text("grafana/gongji.json"))!;

    public static IReadOnlyList<JsonNode> Panels { get; } = [.. Dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row").Select(panel => panel!)];

    /// <summary>All expressions, each with its place.</summary>
    public static IReadOnlyList<(string Place, string Expression)> Expressions { get; } =
    [
        .. Rules.Select(rule => (rule.Alert ?? rule.Record!, rule.Expr)),
        .. Panels.SelectMany(panel => panel["targets"]!.AsArray().Select(target => ($"panel {panel["title"]}", (string)target!["expr"]!))),
    ];

    public static string Text(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file));

    internal sealed class RuleFile
    {
        public List<Group> Groups { get; set; } = [];
    }

    internal sealed class Group
    {
        public List<Rule> Rules { get; set; } = [];
    }

    /// <summary>An alert or a recording rule.</summary>
    internal sealed class Rule
    {
        public string? Alert { get; set; }

        public string? Record { get; set; }

        public string Expr { get; set; } = "";

        public Dictionary<string, string> Labels { get; set; } = [];

        public Dictionary<string, string> Annotations { get; set; } = [];
    }

    internal sealed class Configuration
    {
        public List<string> RuleFiles { get; set; } = [];

        public List<Scrape> ScrapeConfigs { get; set; } = [];
    }

    internal sealed class Scrape
    {
        public string JobName { get; set; } = "";
    }
}
