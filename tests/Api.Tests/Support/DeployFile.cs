using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Gongji.Api.Tests.Support;

/// <summary>The files under deploy/, and the contents of those that are YAML.</summary>
internal static class DeployFile
{
    public static string Root { get; } = Path.GetFullPath(typeof(DeployFile).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The files by their path from the root, with forward slashes; without secrets that a user may have put beside them.</summary>
    public static IEnumerable<string> All(string pattern = "*") =>
        Directory.EnumerateFiles(Path.Combine(Root, "deploy"), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/secrets/", StringComparison.Ordinal) && !file.Split('/').Any(part => part is "bin" or "obj"));

    /// <summary>A file's YAML documents, with anchors followed and keys merged.</summary>
    public static IReadOnlyList<YamlPart> Documents(string file)
    {
        using StringReader text = new(Text(file));
        MergingParser parser = new(new Parser(text));
        IDeserializer reader = new DeserializerBuilder().Build();
        List<YamlPart> documents = [];
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            documents.Add(new YamlPart(reader.Deserialize<object?>(parser)));
        }

        return documents;
    }
}
