using System.Globalization;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Codes that are written into a statement's text, because the planner must know them.</summary>
internal static class StorageCodes
{
    /// <summary>The kinds whose detail is a payment's terms.</summary>
    public static readonly string PaymentKinds = string.Join(
        ", ", new[] { EntryKind.Paid, EntryKind.PaymentOpened, EntryKind.PaymentMade }.Select(kind => ((short)kind).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Where the stored detail of a payment's terms has the payment's id, counted from 1: it begins with <c>{"id":"</c>.</summary>
    public const int PaymentIdAt = 8;

    /// <summary>A UUID's text.</summary>
    public const int PaymentIdLength = 36;

    /// <summary>The code itself, when it is nothing but ASCII letters and digits.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Checked(string code) => code.Length > 0 && code.All(char.IsAsciiLetterOrDigit)
        ? code
        : throw new ArgumentException($"'{code}' is not a code of ASCII letters and digits.", nameof(code));
}
