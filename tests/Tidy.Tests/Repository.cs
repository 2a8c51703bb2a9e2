using System.Reflection;

namespace Gongji.Tidy.Tests;

/// <summary>The repository's files, as text.</summary>
internal static class Repository
{
    private static readonly string[] Left = ["artifacts", "artifacts-orleans", "data", "bin", "obj", ".git", "TestResults", "node_modules"];

    public static string Root { get; } = Path.GetFullPath(typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!);

    /// <summary>The files below a folder, by their path from the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*") =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(Left.Contains));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The lines that match a pattern, as <c>file:line: text</c>.</summary>
    public static IEnumerable<string> Places(IEnumerable<string> files, System.Text.RegularExpressions.Regex pattern) =>
        from file in files
        from line in File.ReadAllLines(Path.Combine(Root, file)).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";
}
