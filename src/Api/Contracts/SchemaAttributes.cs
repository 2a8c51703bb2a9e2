using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Describes a text or number more closely than its type does. The OpenAPI document shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class SchemaAttribute : Attribute;

/// <summary>A text that is one of a few words.</summary>
internal class WordsAttribute(params string[] words) : SchemaAttribute
{
    public IReadOnlyList<string> Words { get; } = words;
}

/// <summary>The name of a kinship.</summary>
internal sealed class KinshipWordsAttribute() : WordsAttribute([.. Enum.GetValues<Kinship>().Select(KinshipNames.ToText)]);

/// <summary>A text of a certain form.</summary>
internal abstract class PatternAttribute(string pattern, string example) : SchemaAttribute
{
    public string Pattern { get; } = pattern;

    public string Example { get; } = example;
}

/// <summary>A person's identifier (psn_no).</summary>
internal sealed class PersonIdTextAttribute() : PatternAttribute("^[A-Za-z0-9_-]{1,30}$", "p-1");

/// <summary>A six-digit region code.</summary>
internal sealed class RegionCodeTextAttribute() : PatternAttribute("^[1-9][0-9]{5}$", "320500");

/// <summary>The code of a designated institution.</summary>
internal sealed class InstitutionTextAttribute() : PatternAttribute("^[A-Za-z0-9]{1,30}$", "H32050000001");

/// <summary>A month.</summary>
internal sealed class MonthAttribute() : PatternAttribute("^[0-9]{4}-(0[1-9]|1[0-2])$", "2024-12");

/// <summary>A business day.</summary>
internal sealed class DayAttribute() : PatternAttribute("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "2024-12-02");

/// <summary>The two digits of a province.</summary>
internal sealed class ProvinceTextAttribute() : PatternAttribute("^[1-9][0-9]$", "32");

/// <summary>A time of day.</summary>
internal sealed class TimeOfDayAttribute() : PatternAttribute("^([01][0-9]|2[0-3]):[0-5][0-9]$", "22:00");

/// <summary>A moment (RFC 3339).</summary>
internal sealed class MomentAttribute : SchemaAttribute;

/// <summary>A whole number within bounds.</summary>
internal class BetweenAttribute(long least, long most) : SchemaAttribute
{
    public long Least { get; } = least;

    public long Most { get; } = most;
}

/// <summary>An amount of one command, in fen.</summary>
internal sealed class FenAmountAttribute() : BetweenAttribute(1, Limits.AmountFenMax);
