using Gongji.Client;

namespace Gongji.Api.Tests.Signing;

/// <summary>Structured dictionaries (RFC 8941): what is accepted, what is refused, and that no input makes the reader throw.</summary>
public sealed class StructuredFieldTests
{
    private const string TextCharacters = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCZ[\\]^_`abcz{|}~";

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("a=-1,b", "a=-1, b")]
    [InlineData("a", "a")]
    [InlineData("a;x;y=2", "a;x;y=2")]
    [InlineData("a=?0 ,\tb=?1;q", "a=?0, b;q")]
    [InlineData("  a=(1  2 );x   ,  *b-.c_1=()  ", "a=(1 2);x, *b-.c_1=()")]
    [InlineData("a=1.50, b=-0.001, c=123456789012.125", "a=1.5, b=-0.001, c=123456789012.125")]
    [InlineData("a=999999999999999, b=-999999999999999, c=007", "a=999999999999999, b=-999999999999999, c=7")]
    [InlineData("a=tok/en:1*, b=*x", "a=tok/en:1*, b=*x")]
    [InlineData("""a="with \"quotes\" and \\ and ,;" """, """a="with \"quotes\" and \\ and ,;" """)]
    [InlineData("a=::, b=:AQID:, c=:AQ==:", "a=::, b=:AQID:, c=:AQ==:")]
    [InlineData("""sig1=("@method" "x";sf;key="k");created=1;keyid="é" """, null)]
    [InlineData("""sig1=("@method" "x";sf;key="k");created=1;keyid="e" """, """sig1=("@method" "x";sf;key="k");created=1;keyid="e" """)]
    public void Dictionary_is_read_and_written_in_its_canonical_form(string text, string? canonical)
    {
        bool isRead = StructuredFields.TryParseDictionary(text, out IReadOnlyList<FieldMember>? members, out string? error);

        Assert.Equal(canonical is not null, isRead);
        Assert.Equal(canonical?.Trim(), isRead ? StructuredFields.Serialize(members!) : null);
        Assert.Equal(isRead, error is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(",")]
    [InlineData("a=1,")]
    [InlineData("a=1,,b=2")]
    [InlineData("a=1 b=2")]
    [InlineData("a=")]
    [InlineData("A=1")]
    [InlineData("1=1")]
    [InlineData("=1")]
    [InlineData("a=1, a=2")]
    [InlineData("a;x=1;x=2")]
    [InlineData("a=1000000000000000")]
    [InlineData("a=-")]
    [InlineData("a=--1")]
    [InlineData("a=1.")]
    [InlineData("a=.1")]
    [InlineData("a=1.2345")]
    [InlineData("a=1234567890123.1")]
    [InlineData("a=1e3")]
    [InlineData("a=\"open")]
    [InlineData("a=\"bad \\n escape\"")]
    [InlineData("a=\"tab\t\"")]
    [InlineData("a=:AQI:")]
    [InlineData("a=:A Q==:")]
    [InlineData("a=:AQID")]
    [InlineData("a=:A-_D:")]
    [InlineData("a=?2")]
    [InlineData("a=?")]
    [InlineData("a=(1")]
    [InlineData("a=(1,2)")]
    [InlineData("a=(1\t2)")]
    [InlineData("a=(\"x\"\"y\")")]
    [InlineData("a=((1))")]
    [InlineData("a=1;")]
    [InlineData("a=1;X=1")]
    [InlineData("a=@1659578233")]
    public void Text_that_is_no_dictionary_is_refused_with_a_word_on_where(string text)
    {
        Assert.False(StructuredFields.TryParseDictionary(text, out _, out string? error));

        Assert.Contains("(at character ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dictionaries_of_every_form_come_back_as_they_were_written()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            Random random = new(seed);
            string written = StructuredFields.Serialize(NewDictionary(random));

            Assert.True(StructuredFields.TryParseDictionary(written, out IReadOnlyList<FieldMember>? members, out string? error), $"seed {seed}: {written} {error}");
            Assert.True(written == StructuredFields.Serialize(members), $"seed {seed}: {written}");
        }
    }

    [Fact]
    public void Reader_never_fails_and_what_it_takes_is_canonical_after_one_writing()
    {
        (int taken, int refused) = (0, 0);
        for (int seed = 0; seed < 20_000; seed++)
        {
            Random random = new(seed);
            char[] text = StructuredFields.Serialize(NewDictionary(random)).ToCharArray();
            for (int change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
            {
                int at = random.Next(text.Length);
                text = random.Next(3) switch
                {
                    0 => [.. text[..at], .. text[(at + 1)..]],
                    1 => [.. text[..at], (char)random.Next(0, 300), .. text[at..]],
                    _ => [.. text[..at], TextCharacters[random.Next(TextCharacters.Length)], .. text[(at + 1)..]],
                };
            }

            if (!StructuredFields.TryParseDictionary(new string(text), out IReadOnlyList<FieldMember>? members, out string? error))
            {
                Assert.NotEmpty(error);
                refused++;
                continue;
            }

            taken++;
            string canonical = StructuredFields.Serialize(members);
            Assert.True(StructuredFields.TryParseDictionary(canonical, out members, out error), $"seed {seed}: {canonical} {error}");
            Assert.Equal(canonical, StructuredFields.Serialize(members));
        }

        Assert.True(taken > 1_000 && refused > 1_000, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void Value_that_cannot_be_written_is_refused()
    {
        foreach (object value in new object[] { "é", "\n", 1_000_000_000_000_000L, 1_000_000_000_000m, new FieldToken("a b"), new FieldToken(""), 1.5 })
        {
            Assert.Throws<FormatException>(() => StructuredFields.Serialize([new FieldMember("a", value, null, [])]));
        }

        Assert.Throws<FormatException>(() => StructuredFields.Serialize([new FieldMember("A", 1L, null, [])]));
    }

    private static List<FieldMember> NewDictionary(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 5)).Select(index => random.Next(2) == 0
            ? new FieldMember($"m{index}", NewValue(random), null, NewParameters(random))
            : new FieldMember($"*m{index}", null, [.. Enumerable.Range(0, random.Next(4)).Select(_ => new FieldItem(NewValue(random), NewParameters(random)))], NewParameters(random))),
    ];

    private static KeyValuePair<string, object>[] NewParameters(Random random) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(index => new KeyValuePair<string, object>($"p-{index}", NewValue(random)))];

    private static object NewValue(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return random.NextInt64(-999_999_999_999_999, 1_000_000_000_000_000);
            case 1:
                return random.NextInt64(-999_999_999_999_999, 1_000_000_000_000_000) / 1_000m;
            case 2:
                return new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => TextCharacters[random.Next(TextCharacters.Length)])]);
            case 3:
                return new FieldToken("a/b:" + random.Next(10));
            case 4:
                byte[] bytes = new byte[random.Next(70)];
                random.NextBytes(bytes);
                return bytes;
            default:
                return random.Next(2) == 0;
        }
    }
}
