using System.Globalization;

namespace Gongji.Api.Demo;

/// <summary>Prints the demo for people to read: plain text, at most 100 columns.</summary>
internal sealed class DemoPage(TextWriter output)
{
    private const int Columns = 100;
    private const string Indent = "    ";
    private const string HangingIndent = "      ";

    public void Heading(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
        output.WriteLine(new string('-', text.Length));
    }

    /// <summary>Prints a step: its title, the request, the outcome and how long it took.</summary>
    public void Step(int number, string title, DemoAnswer answer, string outcome)
    {
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number,2}. {title}"));
        Wrapped(answer.Request);
        string elapsed = string.Create(CultureInfo.InvariantCulture, $"{answer.Elapsed.TotalMilliseconds:0.0} ms");
        Wrapped($"-> {answer.Status} {outcome} [{elapsed}]");
    }

    public void Note(string text) => Wrapped(text);

    public void Plain(string line) => output.WriteLine(line);

    /// <summary>Formats an amount as people write it, e.g. 1,234.50.</summary>
    public static string Yuan(long fen) => (fen / 100m).ToString("N2", CultureInfo.InvariantCulture);

    private void Wrapped(string text)
    {
        string prefix = Indent;
        string rest = text;
        while (prefix.Length + rest.Length > Columns)
        {
            int room = Columns - prefix.Length;
            int cut = rest.LastIndexOfAny([' ', ','], room - 1);
            cut = cut <= 0 ? room : cut + 1;
            output.WriteLine(prefix + rest[..cut].TrimEnd());
            rest = rest[cut..].TrimStart();
            prefix = HangingIndent;
        }

        output.WriteLine(prefix + rest);
    }
}
