using System.Text;

namespace Gongji.Client;

/// <summary>The bytes that are signed: a line for each covered component, then the signature's own parameters (RFC 9421, 2.5). Client and server both build them here.</summary>
public static class SignatureBase
{
    public const string Method = "@method";
    public const string TargetUri = "@target-uri";
    public const string ContentDigest = "content-digest";
    public const string Parameters = "@signature-params";

    /// <summary>Builds the base from a signature's covered components and parameters, and the message's value of each component.</summary>
    /// <param name="signature">The member of <c>Signature-Input</c>; its items are texts.</param>
    /// <param name="valueOf">Gives a component's value as RFC 9421, 2.1 and 2.2 define it; null when the message has none.</param>
    /// <param name="missing">The component that has no value; null when all have one.</param>
    /// <returns>The base as bytes; null when a component is missing.</returns>
    public static byte[]? Build(FieldMember signature, Func<FieldItem, string?> valueOf, out string? missing)
    {
        StringBuilder text = new(512);
        foreach (FieldItem item in signature.Items ?? [])
        {
            if (valueOf(item) is not { } value)
            {
                missing = item.Value.ToString();
                return null;
            }

            StructuredFields.AppendItem(text, item);
            text.Append(": ").Append(value).Append('\n');
        }

        missing = null;
        text.Append('"').Append(Parameters).Append("\": ");
        StructuredFields.AppendMember(text, signature);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
