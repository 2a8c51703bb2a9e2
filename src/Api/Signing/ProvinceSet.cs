using System.Globalization;

namespace Gongji.Api.Signing;

/// <summary>A set of provinces, by the two digits that their regions' codes begin with (GB/T 2260); or the whole nation, which includes any code.</summary>
internal readonly record struct ProvinceSet
{
    private readonly UInt128 _provinces;

    private ProvinceSet(UInt128 provinces) => _provinces = provinces;

    public static ProvinceSet Nation { get; } = new(UInt128.MaxValue);

    public bool IsNation => _provinces == UInt128.MaxValue;

    public bool IsEmpty => _provinces == UInt128.Zero;

    public bool Has(int province) => province is >= 0 and < 100 && ((_provinces >> province) & UInt128.One) != UInt128.Zero;

    /// <summary>Whether the province of a region's or province's code is in this set. The code has the form used in answers.</summary>
    public bool HasCode(ReadOnlySpan<char> code) => code.Length >= 2 && int.TryParse(code[..2], NumberStyles.None, CultureInfo.InvariantCulture, out int province) && Has(province);

    /// <summary>This set with one more province, 10 to 99.</summary>
    public ProvinceSet With(int province) => new(_provinces | (UInt128.One << province));

    /// <inheritdoc/>
    public override string ToString()
    {
        ProvinceSet self = this;
        return IsNation ? "all" : string.Join(", ", Enumerable.Range(0, 100).Where(self.Has).Select(province => province.ToString("D2", CultureInfo.InvariantCulture)));
    }
}
