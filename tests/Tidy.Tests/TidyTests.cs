using System.Text.RegularExpressions;

namespace Gongji.Tidy.Tests;

/// <summary>The rules of the house that no compiler checks; see CONTRIBUTING.md.</summary>
public sealed partial class TidyTests
{
    private const int LocalRuntimeLinesMax = 2_499;
    private const int FileLinesMax = 450;

    [Fact]
    public void Money_code_has_no_floating_point() =>
        Assert.Empty(Repository.Places(Repository.Files("src/Ledger", "*.cs").Concat(Repository.Files("src/Grains", "*.cs")), FloatingPoint()));

    [Fact]
    public void Clocks_and_sleeps_are_nowhere_in_money_code_or_tests() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src", "*.cs").Where(file => !file.StartsWith("src/LoadTest/", StringComparison.Ordinal))
                .Concat(Repository.Files("tests", "*.cs")).Where(file => !file.EndsWith("/TidyTests.cs", StringComparison.Ordinal)),
            ClocksAndSleeps()));

    /// <summary>Code that measures time or waits must name its clock, so that a test can supply another one.</summary>
    [Fact]
    public void Time_is_measured_and_waited_for_by_a_clock_that_is_named() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Where(file => !file.EndsWith("/TidyTests.cs", StringComparison.Ordinal)), UnnamedClocks()));

    /// <summary>Only LocalRuntime's engine, and tests with their own scheduler, may read the results of tasks, and only of tasks that have ended.</summary>
    [Fact]
    public void Blocking_waits_are_nowhere_in_the_product() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src", "*.cs").Where(file => !file.StartsWith("src/LocalRuntime/Engine/", StringComparison.Ordinal)), BlockingWaits()));

    /// <summary>
    /// The text of an exception may name a person: when a call times out, it contains the key of the grain that was called. <c>CallFailures</c> describes failures in its own words.
    /// </summary>
    [Fact]
    public void Texts_of_exceptions_are_not_logged_by_grains_and_silos() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src/Grains", "*.cs").Concat(Repository.Files("src/Silo", "*.cs")).Where(file => file != "src/Grains/CallFailures.cs"), TextOfException()));

    [Fact]
    public void Conditional_code_is_in_no_rule_grain_or_store() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src", "*.cs").Where(file => !file.StartsWith("src/LocalRuntime/", StringComparison.Ordinal)), Conditional()));

    /// <summary>Two types with the same alias build everywhere, but keep a silo of real Orleans from starting.</summary>
    [Fact]
    public void Aliases_of_messages_and_grains_are_each_used_once() =>
        Assert.Empty(Repository.Files("src", "*.cs")
            .SelectMany(file => AliasNames().Matches(Repository.Text(file)).Select(match => match.Groups[1].Value))
            .GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));

    /// <summary>Without an alias, silos identify a type by its name, so it could not be renamed between two versions that run side by side.</summary>
    [Fact]
    public void Messages_each_have_an_alias() =>
        Assert.Empty(
            from file in Repository.Files("src", "*.cs")
            from Match match in Messages().Matches(Repository.Text(file))
            where !AliasNames().IsMatch(match.Value)
            select $"{file}: {match.Groups["type"].Value}");

    [Fact]
    public void Ledger_knows_no_runtime_and_does_no_io() =>
        Assert.Empty(Repository.Places(Repository.Files("src/Ledger", "*.cs"), RuntimeOrIo()));

    [Fact]
    public void Sql_is_in_storage_only() =>
        Assert.Empty(Repository.Places(
            Repository.Files("src", "*.cs").Where(file => !file.StartsWith("src/Storage/", StringComparison.Ordinal) && !file.StartsWith("src/LoadTest/", StringComparison.Ordinal)), Sql()));

    [Fact]
    public void Source_files_are_short() =>
        Assert.DoesNotContain(
            Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"))
                .Select(file => (file, Lines: Repository.Text(file).Count(character => character == '\n'))),
            file => file.Lines > FileLinesMax);

    [Fact]
    public void Local_runtime_stays_small()
    {
        int lines = Repository.Files("src/LocalRuntime", "*.cs")
            .SelectMany(file => Repository.Text(file).Split('\n'))
            .Count(line => !CommentOrBlank().IsMatch(line));

        Assert.InRange(lines, 1, LocalRuntimeLinesMax);
    }

    /// <summary>Where Orleans is available, <c>./test</c> runs these two parts of the solution and nothing else.</summary>
    [Fact]
    public void Test_projects_are_each_in_a_part_of_the_solution_that_is_tested()
    {
        string parts = Repository.Text("tests/local.slnf") + Repository.Text("tests/orleans.slnf");

        Assert.DoesNotContain(Repository.Files("tests", "*.Tests.csproj"), project => !parts.Contains(Path.GetFileName(project), StringComparison.Ordinal));
    }

    /// <summary>The program's version has a heading in the changelog, or is marked as unreleased.</summary>
    [Fact]
    public void Version_is_that_of_the_changelog()
    {
        string props = Repository.Text("Directory.Build.props");
        string version = Version().Match(props).Groups[1].Value;
        string heading = Repository.Text("CHANGELOG.md").Split('\n').First(line => line.StartsWith("## ", StringComparison.Ordinal));

        Assert.NotEmpty(version);
        Assert.Equal(
            props.Contains("<VersionSuffix>dev</VersionSuffix>", StringComparison.Ordinal) ? "## Unreleased" : $"## {version}",
            heading);
    }

    [Fact]
    public void Paths_named_in_the_docs_exist()
    {
        string[] docs = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", .. Repository.Files("docs", "*.md")];

        IEnumerable<string> missing =
            from doc in docs
            from Match match in PathInDoc().Matches(Repository.Text(doc))
            let path = match.Groups["path"].Value.TrimEnd('/')
            where !Path.Exists(Path.Combine(Repository.Root, path))
            select $"{doc}: {path}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Links_in_the_docs_lead_somewhere()
    {
        string[] docs = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", .. Repository.Files("docs", "*.md")];

        IEnumerable<string> missing =
            from doc in docs
            from Match match in Link().Matches(Repository.Text(doc))
            let target = match.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#')
            where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(doc) ?? string.Empty, target.Split('#')[0]))
            select $"{doc}: {target}";

        Assert.Empty(missing);
    }

    /// <summary>Docs are named by their path from the root or, in the folder docs, by their file name.</summary>
    [Fact]
    public void Docs_named_in_the_code_exist()
    {
        string[] docs = [.. new[] { "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md" }.Concat(Repository.Files("docs", "*.md").SelectMany(doc => new[] { doc, Path.GetFileName(doc) }))];

        IEnumerable<string> missing =
            from file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"))
            from Match match in NameOfDoc().Matches(Repository.Text(file))
            where !docs.Contains(match.Value)
            select $"{file}: {match.Value}";

        Assert.Empty(missing);
    }

    [GeneratedRegex(@"\bAlias\(""([^""]+)""\)")]
    private static partial Regex AliasNames();

    /// <summary>All attributes of a type that has a serializer, up to the type's name.</summary>
    [GeneratedRegex(@"^[ \t]*(\[(?!GenerateSerializer)[^\n]*\n\s*)*\[GenerateSerializer[^\n]*\n\s*(\[[^\n]*\n\s*)*[\w ]*\b(class|struct|record|enum)\s+(?<type>\w+)", RegexOptions.Multiline)]
    private static partial Regex Messages();

    [GeneratedRegex(@"\b(float|double|decimal|Single|Double|Decimal)\b(?!s)(?=[\s<>(),?\[.])(?<!//.*)")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|Thread\.Sleep|async void|Environment\.TickCount")]
    private static partial Regex ClocksAndSleeps();

    /// <summary>A stopwatch, or a delay without a named clock; a delay without an end is allowed, since it measures nothing.</summary>
    [GeneratedRegex(@"\bStopwatch\b|\bTask\.Delay\((?!Timeout\.Infinite)(?!.*,\s*[\w.]*([tT]ime|[cC]lock|TimeProvider(\.System)?)\b)")]
    private static partial Regex UnnamedClocks();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Result;|\.Wait\(\)")]
    private static partial Regex BlockingWaits();

    [GeneratedRegex(@"\.Message\b(?!s)")]
    private static partial Regex TextOfException();

    [GeneratedRegex(@"^\s*#if\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"using (Orleans|System\.IO|System\.Net|Npgsql|Microsoft\.)|\bFile\.|\bawait\b")]
    private static partial Regex RuntimeOrIo();

    [GeneratedRegex("\"\\s*(SELECT|INSERT|UPDATE|DELETE|CREATE) ")]
    private static partial Regex Sql();

    [GeneratedRegex(@"^\s*(//.*)?$")]
    private static partial Regex CommentOrBlank();

    [GeneratedRegex(@"`(\./)?(?<path>(src|tests|docs|deploy)/[A-Za-z0-9_./-]+)( [0-9]+)?`")]
    private static partial Regex PathInDoc();

    [GeneratedRegex(@"\b(docs/)?\w+\.md\b")]
    private static partial Regex NameOfDoc();

    [GeneratedRegex("<VersionPrefix>([^<]+)</VersionPrefix>")]
    private static partial Regex Version();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
