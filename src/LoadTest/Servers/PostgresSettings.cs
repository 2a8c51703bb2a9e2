using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>
/// The settings of the benchmark's PostgreSQL: as for a production server on this machine, and durable in every respect.
/// </summary>
internal static class PostgresSettings
{
    private const long MegaByte = 1_024 * 1_024;

    /// <summary>The settings that are printed and reported, which durability and the figures depend on.</summary>
    public static IEnumerable<string> Printed => For(0).Select(setting => setting.Name).Where(name => name != "port").Append("server_version");

    public static IReadOnlyList<(string Name, string Value)> For(int port)
    {
        long memoryMb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MegaByte;
        return
        [
            ("port", port.ToString(CultureInfo.InvariantCulture)),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", "''"),
            ("max_connections", "200"),

            // Durability: PostgreSQL's defaults, stated explicitly.
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),

            // A quarter of the memory, as the manual advises, but no more than this amount of data needs.
            ("shared_buffers", Megabytes(Math.Min(memoryMb / 4, 4_096))),
            ("effective_cache_size", Megabytes(memoryMb / 2)),
            ("maintenance_work_mem", "256MB"),

            // Checkpoints are triggered by time, not by volume, and each is spread over its interval.
            ("max_wal_size", "16GB"),
            ("min_wal_size", "2GB"),
            ("checkpoint_timeout", "15min"),
            ("checkpoint_completion_target", "0.9"),
            ("wal_buffers", "64MB"),
            ("wal_compression", "lz4"),

            // For solid-state disks.
            ("random_page_cost", "1.1"),
            ("effective_io_concurrency", "100"),
        ];
    }

    private static string Megabytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count}MB");
}
