using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Gongji.Silo;

namespace Gongji.LoadTest;

/// <summary>The machine that the figures were measured on: absolute figures mean nothing across machines.</summary>
internal static class MachineFacts
{
    public static IReadOnlyDictionary<string, string> Machine()
    {
        string? model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        return new Dictionary<string, string>
        {
            ["processor"] = model ?? RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memoryMb"] = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_048_576).ToString(CultureInfo.InvariantCulture),
            ["system"] = RuntimeInformation.OSDescription,
            ["dotnet"] = Environment.Version.ToString(),
        };
    }

    public static IReadOnlyDictionary<string, string> Settings(BenchOptions options, IReadOnlyDictionary<string, string> postgres)
    {
        Dictionary<string, string> settings = new()
        {
            ["grains"] = GongjiSilo.RuntimeName,
            ["store"] = options.Sqlite ? "SQLite" : "PostgreSQL",
            ["persons"] = Text(options.Accounts),
            ["regions"] = Text(BenchLimits.Regions),
            ["inFlight"] = Text(options.InFlight),
            ["seconds"] = Text(options.Seconds),
            ["warmUpSeconds"] = Text(options.WarmUpSeconds),
            ["gc"] = $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {GCSettings.LatencyMode}, gen 0 budget {Gen0Budget()}",
        };
        foreach ((string name, string value) in postgres)
        {
            settings[$"postgres.{name}"] = value;
        }

        return settings;
    }

    private static string Gen0Budget() =>
        GC.GetConfigurationVariables().TryGetValue("GCGen0Size", out object? size) && size is long and > 0 ? $"{size:N0} bytes" : "the runtime's";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
