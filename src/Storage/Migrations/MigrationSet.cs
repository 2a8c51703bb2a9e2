using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gongji.Storage;

/// <summary>The migrations shipped with this program, and what is still to be applied to a store.</summary>
internal static class MigrationSet
{
    /// <summary>The shipped migrations of a set, by number. They are embedded as <c>Migrations/SET/NNNN_name.sql</c>.</summary>
    public static IReadOnlyList<Migration> Load(string set)
    {
        Assembly assembly = typeof(MigrationSet).Assembly;
        string prefix = $"{typeof(MigrationSet).Namespace}.Migrations.{set}.";
        List<Migration> migrations = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            string sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            string[] parts = resource[prefix.Length..^".sql".Length].Split('_', 2);
            string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            migrations.Add(new Migration(set, int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], sql, checksum));
        }

        return migrations;
    }

    /// <summary>The migrations that are not applied yet.</summary>
    /// <param name="shipped">Of one set, by number.</param>
    /// <param name="applied">Checksums by number, as the store remembers them.</param>
    /// <exception cref="MigrationException">An applied migration differs from the shipped one, or the store is newer.</exception>
    public static IEnumerable<Migration> Pending(IReadOnlyList<Migration> shipped, IReadOnlyDictionary<int, string> applied)
    {
        int newest = shipped[^1].Number;
        foreach (int number in applied.Keys.Where(number => number > newest))
        {
            throw new MigrationException(
                $"The store has migration {shipped[0].Set} {number}, this program knows only up to {newest}: the store is newer. Start the newer program, or restore a backup made before the upgrade.");
        }

        foreach (Migration migration in shipped)
        {
            if (applied.TryGetValue(migration.Number, out string? checksum) && checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"Migration {migration.Set} {migration.Number} ({migration.Name}) was applied with checksum {checksum}, this program ships {migration.Checksum}. An applied migration is never edited: put the change into a new one.");
            }
        }

        return shipped.Where(migration => !applied.ContainsKey(migration.Number));
    }

    /// <summary>Checks a store that must not be changed: every shipped migration must be applied.</summary>
    /// <param name="shipped">Of one set, by number.</param>
    /// <param name="applied">Checksums by number, as the store remembers them.</param>
    /// <exception cref="MigrationException">The store is older or newer than this program, an applied migration differs, or there is no ledger.</exception>
    public static void Verify(IReadOnlyList<Migration> shipped, IReadOnlyDictionary<int, string> applied)
    {
        if (applied.Count == 0)
        {
            throw NoLedger();
        }

        if (Pending(shipped, applied).FirstOrDefault() is { } missing)
        {
            throw new MigrationException(
                $"The store is older: it lacks migration {missing.Set} {missing.Number} ({missing.Name}). Start this program on it once, which brings it up to date; or use the program that it was made with.");
        }
    }

    /// <summary>The exception for a database that has nothing of this program.</summary>
    public static MigrationException NoLedger() => new("There is no ledger of Gongji in it. Give the place that the server keeps its ledger in.");
}
