using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>The schema is not the one that this program needs, nor can it be brought there; says which migration, or what is missing, and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message)
{
    /// <summary>Refuses a store without the keys and triggers that its money rests on.</summary>
    /// <exception cref="MigrationException">There is one.</exception>
    internal static void ThrowIfMissing(IReadOnlyList<MissingGuard> missing)
    {
        if (missing.Count > 0)
        {
            throw new MigrationException($"The schema is not as its migrations left it. {string.Join(" ", missing.Select(guard => guard.Text))}");
        }
    }
}
