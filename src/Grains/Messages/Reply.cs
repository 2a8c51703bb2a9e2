using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>A grain's answer: a value, or the refusal that takes its place. Rules refuse; only bugs throw.</summary>
[GenerateSerializer, Immutable, Alias("gongji.reply`1")]
public readonly record struct Reply<T>
    where T : class
{
    /// <summary>The answer; null when refused.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>The refusal's code; null when there is a value.</summary>
    [Id(1)]
    public RefusalCode? Code { get; init; }

    /// <summary>The refusal in words, for the caller.</summary>
    [Id(2)]
    public string? Detail { get; init; }

    /// <summary>The operation had already been done: this is its first answer again.</summary>
    [Id(3)]
    public bool IsReplay { get; init; }

    [MemberNotNullWhen(true, nameof(Code), nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool IsRefused => Code is not null;

    /// <summary>The refusal with its text; null when there is a value. Never throws, since runtimes print messages.</summary>
    public Refusal? Refusal => Code is { } code ? new(code, Detail ?? string.Empty) : null;
}

/// <summary>Makes replies.</summary>
public static class Reply
{
    public static Reply<T> Of<T>(T value, bool isReplay = false)
        where T : class => new() { Value = value, IsReplay = isReplay };

    public static Reply<T> Refused<T>(Refusal refusal)
        where T : class => new() { Code = refusal.Code, Detail = refusal.Detail };

    public static Reply<T> Refused<T>(RefusalCode code, string detail)
        where T : class => new() { Code = code, Detail = detail };
}
