using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>The processor cores used on each side during a period.</summary>
internal readonly record struct CoresUsed(double Client, double Server);

/// <summary>Measures processor time: that of this process and its helpers, and that of the PostgreSQL server's process tree.</summary>
/// <param name="time">Measures elapsed time.</param>
/// <param name="serverPid">The id of PostgreSQL's first process; null without a server.</param>
internal sealed class CpuMeter(TimeProvider time, int? serverPid)
{
    /// <summary>Linux reports processor time to programs in hundredths of a second, whatever the kernel's own tick.</summary>
    private const double TicksPerSecond = 100;

    private long _at;
    private double _client;
    private double _server;

    /// <summary>The processes that count as client in addition to this one.</summary>
    public IReadOnlyList<int> HelperPids { get; set; } = [];

    /// <summary>The helpers' part of the cores that the last <see cref="Stop"/> returned.</summary>
    public double HelperCores { get; private set; }

    private double _helper;

    public void Start()
    {
        _at = time.GetTimestamp();
        (_client, _server, _helper) = (OwnSeconds(), ServerSeconds(), HelperSeconds());
    }

    public CoresUsed Stop()
    {
        double elapsed = Math.Max(time.GetElapsedTime(_at).TotalSeconds, 1e-6);
        HelperCores = (HelperSeconds() - _helper) / elapsed;
        return new CoresUsed((OwnSeconds() - _client) / elapsed + HelperCores, (ServerSeconds() - _server) / elapsed);
    }

    private static double OwnSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private double HelperSeconds() => HelperPids.Sum(static pid => ReadStat(pid)?.Ticks ?? 0) / TicksPerSecond;

    /// <summary>The processor time of the postmaster, its living children, and its ended children, which Linux adds to their parent.</summary>
    private double ServerSeconds()
    {
        if (serverPid is not { } parent)
        {
            return 0;
        }

        long ticks = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && ReadStat(pid) is { } stat && (pid == parent || stat.Parent == parent))
            {
                ticks += stat.Ticks + (pid == parent ? stat.EndedChildrenTicks : 0);
            }
        }

        return ticks / TicksPerSecond;
    }

    private static (int Parent, long Ticks, long EndedChildrenTicks)? ReadStat(int pid)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

            // The second field is the name in parentheses, which may contain anything; the fields after it are counted from the third.
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[1]), Long(fields[11]) + Long(fields[12]), Long(fields[13]) + Long(fields[14]));
        }
        catch (IOException)
        {
            // The process has ended.
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
