namespace Gongji.Ledger;

/// <summary>
/// The rules' decision on a command: one entry to append, a refusal, or nothing to do because the account already is as the command asks.
/// </summary>
public readonly record struct Decision
{
    private Decision(Entry? entry, Refusal? refusal)
    {
        Entry = entry;
        Refusal = refusal;
    }

    /// <summary>The entry to append, when the command is accepted and changes something.</summary>
    public Entry? Entry { get; }

    /// <summary>Why the command is refused, when it is.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The account already is as the command asks.</summary>
    public static Decision Nothing => default;

    public static Decision Append(Entry entry) => new(entry, null);

    public static Decision Refused(RefusalCode code, string detail) => new(null, new Refusal(code, detail));
}
