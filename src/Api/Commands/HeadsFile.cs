using Gongji.Ledger.Audit;

namespace Gongji.Api.Commands;

/// <summary>A file of heads: what <c>audit --note</c> writes and <c>audit --since</c> reads.</summary>
internal static class HeadsFile
{
    /// <exception cref="HeadsFileException">The file cannot be read, or contains no heads.</exception>
    public static async Task<LedgerHeads> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new HeadsFileException($"--since {path}: {exception.Message}");
        }

        return LedgerHeads.TryParse(text, out LedgerHeads heads, out string? wrong)
            ? heads
            : throw new HeadsFileException($"--since {path}: {wrong}, as --note writes them.");
    }

    /// <summary>Writes a temporary file and renames it, so the earlier heads stay in place until the new ones are complete.</summary>
    /// <exception cref="HeadsFileException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, LedgerHeads heads, CancellationToken cancellationToken)
    {
        string draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllTextAsync(draft, heads.ToText(), cancellationToken);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new HeadsFileException($"--note {path}: {exception.Message} Nothing was noted.");
        }
    }

    private static bool IsOfFile(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
