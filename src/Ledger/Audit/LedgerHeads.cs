using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gongji.Ledger.Audit;

/// <summary>
/// The heads of all chains of a ledger at some moment. Each hash stands for every entry before it. So a person who has noted the heads elsewhere can tell later whether any of
/// those entries was changed or lost, even if somebody rebuilt the chains.
/// </summary>
/// <param name="Chains">The last batch of each chain that has one, by chain.</param>
public sealed record LedgerHeads(IReadOnlyList<ChainHead> Chains)
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>The text of a ledger without batches. A file that is empty has lost its heads.</summary>
    private const string None = "none";

    /// <summary>One value for all of them: SHA-256 of <see cref="ToText"/>, in hex.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ToText())));

    /// <summary>One line for each chain, ended by LF: its number, its last batch's sequence, and that batch's hash in hex. Without chains, a line that says so.</summary>
    public string ToText() => Chains.Count == 0 ? $"{None}\n" : string.Concat(Chains.Select(head =>
        string.Create(CultureInfo.InvariantCulture, $"{head.Chain} {head.Sequence} {Convert.ToHexStringLower(head.Hash)}\n")));

    /// <summary>Reads what <see cref="ToText"/> gave.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="heads">The heads that were read.</param>
    /// <param name="wrong">What is wrong with the text, in words.</param>
    public static bool TryParse(string text, out LedgerHeads heads, out string? wrong)
    {
        List<ChainHead> chains = [];
        heads = new LedgerHeads(chains);
        wrong = null;
        if (text.TrimEnd() == None)
        {
            return true;
        }

        foreach ((int index, string line) in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Index())
        {
            if (ParseLine(line) is not { } head || (chains.Count > 0 && head.Chain <= chains[^1].Chain))
            {
                wrong = string.Create(CultureInfo.InvariantCulture, $"line {index + 1} is not a chain, a sequence and a hash, in the order of chains");
                return false;
            }

            chains.Add(head);
        }

        return true;
    }

    private static ChainHead? ParseLine(string line) =>
        line.Split(' ') is [var chain, var sequence, var hash]
            && int.TryParse(chain, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && hash.Length == HashBytes * 2 && hash.All(char.IsAsciiHexDigit)
            ? new ChainHead(number, last, Convert.FromHexString(hash))
            : null;
}
