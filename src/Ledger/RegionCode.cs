using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gongji.Ledger;

/// <summary>A pooling region (统筹区): a six-digit GB/T 2260 code whose first two digits name the province.</summary>
public readonly record struct RegionCode
{
    /// <summary>Cached texts of regions, indexed by number: a country has some 400 regions, and every person and every leg of a transfer names one.</summary>
    private static readonly string?[] Texts = new string?[1_024];

    private RegionCode(int value) => Value = value;

    /// <summary>The code as a number; 0 stands for outside money (<see cref="Outside"/>).</summary>
    public int Value { get; }

    /// <summary>Not a region: where credits come from, and where payments go.</summary>
    public static RegionCode Outside => default;

    /// <summary>The two-digit province, e.g. 32 for 320500.</summary>
    public int Province => Value / 10_000;

    /// <summary>Reads exactly six ASCII digits that do not start with 0.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RegionCode region)
    {
        region = default;
        if (text is not { Length: 6 } || text[0] == '0' || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        region = new RegionCode(int.Parse(text, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>The region of a text that is known to be a code.</summary>
    /// <exception cref="FormatException">The text is not six digits.</exception>
    public static RegionCode Parse(string text) =>
        TryParse(text, out RegionCode region) ? region : throw new FormatException($"'{text}' is not a six-digit region code.");

    /// <summary>The region of a number read back from a store.</summary>
    public static RegionCode FromValue(int value) => new(value);

    /// <inheritdoc/>
    public override string ToString()
    {
        // Where several regions share an index, or two threads race, the last one keeps it.
        ref string? text = ref Texts[(uint)Value % Texts.Length];
        return text is { } known && int.Parse(known, CultureInfo.InvariantCulture) == Value ? known : text = Value.ToString("D6", CultureInfo.InvariantCulture);
    }
}
