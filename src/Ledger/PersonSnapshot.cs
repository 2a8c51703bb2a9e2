using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>A person's state at a version, so that an activation need not fold every entry. The entries are the truth, never the snapshot.</summary>
public sealed record PersonSnapshot(
    long Version,
    Registration Registration,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] WalletTerms? Wallet,
    Amounts Balances,
    DateTimeOffset LastAt,
    int TransferDay,
    int TransferCount,
    IReadOnlyList<OpenHold> OpenHolds,
    FamilySnapshot? Family = null)
{
    /// <summary>Whether this can be the state after an entry: it agrees with what the entry says of the state.</summary>
    public bool AgreesWith(Entry entry) => Version == entry.Version && Balances == entry.Balances && LastAt == entry.At;

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DetailJson.Default.PersonSnapshot);

    /// <summary>Reads a stored snapshot back; null when it cannot be read, since entries can always take its place.</summary>
    public static PersonSnapshot? Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, DetailJson.Default.PersonSnapshot);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The names of what differs from another snapshot of the same account. Order counts only where an account has one, and null equals an empty family.</summary>
    public IReadOnlyList<string> DifferencesTo(PersonSnapshot other)
    {
        using JsonDocument one = JsonDocument.Parse(InOrder().Encode());
        using JsonDocument two = JsonDocument.Parse(other.InOrder().Encode());
        return
        [
            .. one.RootElement.EnumerateObject().Concat(two.RootElement.EnumerateObject()).Select(member => member.Name).Distinct()
                .Where(name => TextOf(one, name) != TextOf(two, name)),
        ];
    }

    private static string? TextOf(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : null;

    private PersonSnapshot InOrder() => this with { OpenHolds = [.. OpenHolds.OrderBy(hold => hold.Id)], Family = Family?.InOrder() };
}
