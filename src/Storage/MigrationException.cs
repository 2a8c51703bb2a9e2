using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>The schema is not the one that this program needs, and cannot be brought there. The message says which migration, or what is missing, and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message)
{
    /// <summary>Refuses a store that lacks a key or trigger which protects its money.</summary>
    /// <exception cref="MigrationException">A key or trigger is missing.</exception>
    internal static void ThrowIfMissing(IReadOnlyList<MissingGuard> missing)
    {
        if (missing.Count > 0)
        {
            throw new MigrationException($"The schema is not as its migrations left it. {string.Join(" ", missing.Select(guard => guard.Text))}");
        }
    }
}
