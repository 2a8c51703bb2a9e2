using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gongji.Ledger;

/// <summary>The form of a person's identifier (psn_no): opaque, <c>[A-Za-z0-9_-]{1,30}</c>.</summary>
public static class PersonId
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= Limits.PersonIdLengthMax } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
