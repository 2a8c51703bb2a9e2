using Gongji.Ledger.Audit;

namespace Gongji.Api.Commands;

/// <summary>A file of heads: what <c>audit --note</c> writes and <c>audit --since</c> reads.</summary>
internal static class HeadsFile
{
    /// <exception cref="HeadsFileException">It cannot be read, or has no heads in it.</exception>
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

    /// <summary>Written beside and then named: what was noted before is there until all of the new is.</summary>
    /// <exception cref="HeadsFileException">It cannot be written.</exception>
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
