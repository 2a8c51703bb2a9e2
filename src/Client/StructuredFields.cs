using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Gongji.Client;

/// <summary>
/// Structured dictionaries (RFC 8941), as the fields for signatures and digests use them. Parsing is strict, and in one respect stricter than the RFC: a duplicate key
/// is refused, whereas the RFC lets the last one win. So no intermediary can read another value than this.
/// </summary>
public static class StructuredFields
{
    /// <summary>Reads a dictionary; never throws.</summary>
    /// <param name="text">The field's value; several lines of one field are joined by ", ".</param>
    /// <param name="members">The members, in their order.</param>
    /// <param name="error">What is wrong, and at which character, counted from 1.</param>
    public static bool TryParseDictionary(
        string text, [NotNullWhen(true)] out IReadOnlyList<FieldMember>? members, [NotNullWhen(false)] out string? error)
    {
        FieldReader reader = new(text);
        members = reader.ReadDictionary();
        error = members is null ? reader.Error : null;
        return members is not null;
    }

    /// <summary>Writes a dictionary in its canonical form.</summary>
    /// <exception cref="FormatException">A value cannot be written: a text that is not printable ASCII, a number out of range, or a malformed key.</exception>
    public static string Serialize(IReadOnlyList<FieldMember> members)
    {
        StringBuilder text = new();
        foreach (FieldMember member in members)
        {
            if (text.Length > 0)
            {
                text.Append(", ");
            }

            text.Append(Key(member.Name));
            if (member.Items is null && member.Value is true)
            {
                AppendParameters(text, member.Parameters);
            }
            else
            {
                text.Append('=');
                AppendMember(text, member);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes a member without its key: the form in which a signature covers its own parameters (RFC 9421, 2.3).</summary>
    /// <exception cref="FormatException">As for <see cref="Serialize"/>.</exception>
    public static void AppendMember(StringBuilder text, FieldMember member)
    {
        if (member.Items is { } items)
        {
            text.Append('(');
            for (int index = 0; index < items.Count; index++)
            {
                if (index > 0)
                {
                    text.Append(' ');
                }

                AppendItem(text, items[index]);
            }

            text.Append(')');
        }
        else
        {
            AppendValue(text, member.Value!);
        }

        AppendParameters(text, member.Parameters);
    }

    /// <summary>Writes an item with its parameters.</summary>
    /// <exception cref="FormatException">As for <see cref="Serialize"/>.</exception>
    public static void AppendItem(StringBuilder text, FieldItem item)
    {
        AppendValue(text, item.Value);
        AppendParameters(text, item.Parameters);
    }

    private static void AppendParameters(StringBuilder text, IReadOnlyList<KeyValuePair<string, object>> parameters)
    {
        for (int index = 0; index < parameters.Count; index++)
        {
            (string key, object value) = parameters[index];
            text.Append(';').Append(Key(key));
            if (value is not true)
            {
                AppendValue(text.Append('='), value);
            }
        }
    }

    private static void AppendValue(StringBuilder text, object value) => _ = value switch
    {
        long number when number is >= -FieldReader.IntegerMax and <= FieldReader.IntegerMax => text.Append(CultureInfo.InvariantCulture, $"{number}"),
        decimal number => AppendDecimal(text, number),
        string quoted => AppendText(text, quoted),
        FieldToken token when FieldReader.IsToken(token.Text) => text.Append(token.Text),
        byte[] bytes => text.Append(':').Append(Convert.ToBase64String(bytes)).Append(':'),
        bool flag => text.Append(flag ? "?1" : "?0"),
        _ => throw new FormatException($"'{value}' cannot be written in a structured field."),
    };

    private static StringBuilder AppendDecimal(StringBuilder text, decimal number)
    {
        decimal rounded = Math.Round(number, 3, MidpointRounding.ToEven);
        return Math.Abs(rounded) < 1_000_000_000_000m
            ? text.Append(rounded.ToString("0.0##", CultureInfo.InvariantCulture))
            : throw new FormatException("A decimal of a structured field has at most 12 digits before its point.");
    }

    private static StringBuilder AppendText(StringBuilder text, string quoted)
    {
        text.Append('"');
        foreach (char character in quoted)
        {
            if (!FieldReader.IsPrintable(character))
            {
                throw new FormatException("A text of a structured field is printable ASCII.");
            }

            if (character is '"' or '\\')
            {
                text.Append('\\');
            }

            text.Append(character);
        }

        return text.Append('"');
    }

    private static string Key(string name) => FieldReader.IsKey(name) ? name : throw new FormatException($"'{name}' is not a key of a structured field.");
}
