namespace Gongji.Client;

/// <summary>A token of a structured field (RFC 8941, 3.3.4): a word without quotes.</summary>
public readonly record struct FieldToken(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
