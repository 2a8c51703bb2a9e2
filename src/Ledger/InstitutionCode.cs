using System.Diagnostics.CodeAnalysis;

namespace Gongji.Ledger;

/// <summary>The code of a designated institution (定点医药机构, fixmedins_code): ASCII letters and digits; that of a pharmacy begins with P.</summary>
public static class InstitutionCode
{
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= Limits.InstitutionLengthMax } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>What is paid there.</summary>
    public static PaymentPurpose PurposeOf(string code) => code.StartsWith('P') ? PaymentPurpose.Pharmacy : PaymentPurpose.Hospital;
}
