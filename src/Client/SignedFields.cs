namespace Gongji.Client;

/// <summary>The header fields of a signed request.</summary>
/// <param name="SignatureInput">The value of <c>Signature-Input</c>.</param>
/// <param name="Signature">The value of <c>Signature</c>.</param>
public readonly record struct SignedFields(string SignatureInput, string Signature)
{
    public const string SignatureInputField = "Signature-Input";
    public const string SignatureField = "Signature";
}
