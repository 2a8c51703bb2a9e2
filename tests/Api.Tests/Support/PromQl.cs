using System.Text.RegularExpressions;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// The metrics and labels that a PromQL expression uses, found without a grammar. First each <c>{…}</c> is taken out, with the name before it; then ranges in brackets, and the lists
/// of labels after <c>by</c>, <c>on</c> and the like. Of the remaining words, those before a bracket are functions, some are operators, and the others are names of metrics
/// without <c>{…}</c>. This is enough for expressions whose strings are all in matchers, like this product's; promtool checks that they are valid PromQL.
/// </summary>
internal sealed partial record PromQl(IReadOnlyList<PromQl.Selector> Selectors, IReadOnlyList<string> GroupLabels)
{
    private static readonly string[] Operators = ["and", "or", "unless", "bool", "offset"];

    public static PromQl Read(string expression)
    {
        List<Selector> selectors = [];
        List<string> groups = [];
        string rest = Braces().Replace(expression, braces =>
        {
            selectors.Add(new(braces.Groups["metric"].Value, [.. OneMatcher().Matches(braces.Groups["matchers"].Value)
                .Select(matcher => new Matcher(matcher.Groups["label"].Value, matcher.Groups["operator"].Value, matcher.Groups["value"].Value))]));
            return " ";
        });
        rest = Range().Replace(rest, " ");
        rest = LabelList().Replace(rest, list =>
        {
            groups.AddRange(list.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            return " ";
        });
        if (rest.AsSpan().ContainsAny('"', '{', '['))
        {
            throw new FormatException($"More than this reads: {expression}");
        }

        // An aggregation's list of labels stood between its name and its bracket; without the list it is recognised as a function again.
        selectors.AddRange(Word().Matches(rest).Select(word => word.Value).Where(word => !Operators.Contains(word)).Select(word => new Selector(word, [])));
        return new(selectors, groups);
    }

    /// <summary>The series that an expression selects.</summary>
    public sealed record Selector(string Metric, IReadOnlyList<Matcher> Matchers);

    /// <summary>A condition of a selector.</summary>
    public sealed record Matcher(string Label, string Operator, string Value)
    {
        /// <summary>The values of an equality, or of a pattern that only lists alternatives.</summary>
        public IEnumerable<string> Values => Operator is "=" or "!=" ? [Value] : Value.Split('|');
    }

    [GeneratedRegex("""(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<matchers>([^{}"]|"[^"]*")*)\}""")]
    private static partial Regex Braces();

    [GeneratedRegex("""(?<label>[a-zA-Z_]\w*)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>[^"]*)"\s*""")]
    private static partial Regex OneMatcher();

    [GeneratedRegex("""\[[^\]]*\]""")]
    private static partial Regex Range();

    [GeneratedRegex("""\b(by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)""")]
    private static partial Regex LabelList();

    [GeneratedRegex("""(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()""")]
    private static partial Regex Word();
}
