namespace Gongji.Storage;

/// <summary>Codes that become part of a statement's text, because a plan must know them.</summary>
internal static class StorageCodes
{
    /// <summary>The code itself, when it is nothing but ASCII letters and digits.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Checked(string code) => code.Length > 0 && code.All(char.IsAsciiLetterOrDigit)
        ? code
        : throw new ArgumentException($"'{code}' is not a code of ASCII letters and digits.", nameof(code));
}
