using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gongji.Client;

/// <summary>Reads one structured dictionary from its first character to its last, by the algorithm of RFC 8941, 4.2. It stops at the first error.</summary>
internal ref struct FieldReader(string text)
{
    /// <summary>Integers have 15 digits at most, so that every language can hold them.</summary>
    public const long IntegerMax = 999_999_999_999_999;

    private const int IntegerDigitsMax = 15;
    private const int WholeDigitsMax = 12;
    private const int FractionDigitsMax = 3;

    /// <summary>The most members. A message needs no more; the limit bounds what a hostile field can cost.</summary>
    private const int MembersMax = 64;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:/");

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*");

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>The first error; null when there is none.</summary>
    public string? Error { get; private set; }

    private readonly char Current => _at < _text.Length ? _text[_at] : '\0';

    public static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    public static bool IsToken(ReadOnlySpan<char> text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '*') && !text.ContainsAnyExcept(TokenCharacters);

    public static bool IsKey(ReadOnlySpan<char> text) =>
        text.Length > 0 && (char.IsAsciiLetterLower(text[0]) || text[0] == '*') && !text.ContainsAnyExcept(KeyCharacters);

    /// <summary>Reads the members. Returns null, with <see cref="Error"/> set, when the text is not a dictionary.</summary>
    public List<FieldMember>? ReadDictionary()
    {
        List<FieldMember> members = new(1);
        Skip(' ');
        while (_at < _text.Length)
        {
            if (members.Count == MembersMax)
            {
                return Wrong<List<FieldMember>>("has too many members");
            }

            if (ReadMember(members) is not { } member)
            {
                return null;
            }

            members.Add(member);
            SkipWhite();
            if (_at == _text.Length)
            {
                return members;
            }

            if (!Take(','))
            {
                return Wrong<List<FieldMember>>("a comma is expected");
            }

            SkipWhite();
            if (_at == _text.Length)
            {
                return Wrong<List<FieldMember>>("a member is missing after the comma");
            }
        }

        return members.Count > 0 ? members : Wrong<List<FieldMember>>("is empty");
    }

    private FieldMember? ReadMember(List<FieldMember> before)
    {
        if (ReadKey() is not { } name)
        {
            return null;
        }

        for (int index = 0; index < before.Count; index++)
        {
            if (before[index].Name == name)
            {
                return Wrong<FieldMember>($"{name} is there twice");
            }
        }

        List<FieldItem>? items = null;
        object? value = true;
        if (Take('='))
        {
            bool isRead = Current == '(' ? (items = ReadInnerList()) is not null : (value = ReadValue()) is not null;
            if (!isRead)
            {
                return null;
            }
        }

        return ReadParameters() is { } parameters ? new FieldMember(name, items is null ? value : null, items, parameters) : null;
    }

    private List<FieldItem>? ReadInnerList()
    {
        List<FieldItem> items = new(4);
        Take('(');
        while (true)
        {
            Skip(' ');
            if (Take(')'))
            {
                return items;
            }

            if (items.Count == MembersMax)
            {
                return Wrong<List<FieldItem>>("has too many members");
            }

            if (ReadValue() is not { } value || ReadParameters() is not { } parameters)
            {
                return null;
            }

            items.Add(new FieldItem(value, parameters));
            if (Current is not (' ' or ')'))
            {
                return Wrong<List<FieldItem>>("a space or ) is expected");
            }
        }
    }

    private IReadOnlyList<KeyValuePair<string, object>>? ReadParameters()
    {
        List<KeyValuePair<string, object>>? parameters = null;
        while (Take(';'))
        {
            Skip(' ');
            object? value = true;
            if (ReadKey() is not { } name || (Take('=') && (value = ReadValue()) is null))
            {
                return null;
            }

            parameters ??= new(5);
            if (parameters.Count == MembersMax || parameters.Exists(parameter => parameter.Key == name))
            {
                return Wrong<IReadOnlyList<KeyValuePair<string, object>>>($"{name} is there twice, or is one parameter too many");
            }

            parameters.Add(new(name, value));
        }

        return parameters is null ? [] : parameters;
    }

    private string? ReadKey()
    {
        int start = _at;
        if (char.IsAsciiLetterLower(Current) || Current == '*')
        {
            int length = _text[_at..].IndexOfAnyExcept(KeyCharacters);
            _at = length < 0 ? _text.Length : _at + length;
            return _text[start.._at].ToString();
        }

        return Wrong<string>("a key is expected: lower-case letters, digits, _ - . *");
    }

    private object? ReadValue() => Current switch
    {
        '"' => ReadText(),
        ':' => ReadBytes(),
        '?' => ReadBoolean(),
        '-' or (>= '0' and <= '9') => ReadNumber(),
        '*' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => ReadToken(),
        _ => Wrong<object>("a value is expected: a number, a text in quotes, a token, ?0, ?1 or bytes between colons"),
    };

    private FieldToken ReadToken()
    {
        int start = _at;
        int length = _text[_at..].IndexOfAnyExcept(TokenCharacters);
        _at = length < 0 ? _text.Length : _at + length;
        return new FieldToken(_text[start.._at].ToString());
    }

    private object? ReadBoolean()
    {
        _at++;
        return Take('1') ? true : Take('0') ? false : Wrong<object>("0 or 1 is expected after ?");
    }

    private object? ReadNumber()
    {
        int start = _at;
        Take('-');
        int whole = Digits();
        if (whole == 0)
        {
            return Wrong<object>("a digit is expected");
        }

        if (!Take('.'))
        {
            return whole <= IntegerDigitsMax
                ? long.Parse(_text[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : Wrong<object>($"the number has more than {IntegerDigitsMax} digits");
        }

        int fraction = Digits();
        return whole <= WholeDigitsMax && fraction is >= 1 and <= FractionDigitsMax
            ? decimal.Parse(_text[start.._at], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : Wrong<object>($"a decimal has up to {WholeDigitsMax} digits, a point, and 1 to {FractionDigitsMax} digits");
    }

    private int Digits()
    {
        int start = _at;
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return _at - start;
    }

    private object? ReadText()
    {
        int start = ++_at;
        int end = _text[start..].IndexOfAny('"', '\\');
        if (end >= 0 && _text[start + end] == '"' && !_text.Slice(start, end).ContainsAnyExceptInRange(' ', '~'))
        {
            _at = start + end + 1;
            return _text.Slice(start, end).ToString();
        }

        return ReadEscapedText();
    }

    private object? ReadEscapedText()
    {
        StringBuilder read = new();
        while (_at < _text.Length)
        {
            char character = _text[_at++];
            switch (character)
            {
                case '"':
                    return read.ToString();
                case '\\' when Current is '"' or '\\':
                    read.Append(_text[_at++]);
                    break;
                case '\\':
                    return Wrong<object>("only \\\" and \\\\ are escapes");
                default:
                    if (!IsPrintable(character))
                    {
                        return Wrong<object>("a text is printable ASCII");
                    }

                    read.Append(character);
                    break;
            }
        }

        return Wrong<object>("the text's closing quote is missing");
    }

    private object? ReadBytes()
    {
        ReadOnlySpan<char> rest = _text[(_at + 1)..];
        int length = rest.IndexOf(':');
        if (length < 0)
        {
            return Wrong<object>("the closing colon of the bytes is missing");
        }

        ReadOnlySpan<char> base64 = rest[..length];
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        if (base64.ContainsAny(" \t") || !Convert.TryFromBase64Chars(base64, bytes, out int written))
        {
            return Wrong<object>("the bytes are not base64 with padding");
        }

        _at += length + 2;
        return written == bytes.Length ? bytes : bytes[..written];
    }

    private void Skip(char character)
    {
        while (Current == character)
        {
            _at++;
        }
    }

    private void SkipWhite()
    {
        while (Current is ' ' or '\t')
        {
            _at++;
        }
    }

    private bool Take(char character)
    {
        bool isThere = Current == character && _at < _text.Length;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private T? Wrong<T>(string what)
        where T : class
    {
        Error ??= string.Create(CultureInfo.InvariantCulture, $"{what} (at character {_at + 1})");
        return null;
    }
}
