using System.CommandLine;
using Gongji.Api.Hosting;

namespace Gongji.Api.Commands;

/// <summary>The options that say what is logged, and how.</summary>
internal sealed class LogArguments
{
    private static readonly Dictionary<string, LogFormat> Formats = new() { ["text"] = LogFormat.Text, ["json"] = LogFormat.Json };

    private static readonly Dictionary<string, LogLevel> Levels = new()
    {
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["critical"] = LogLevel.Critical,
    };

    private readonly Option<string> _format = new("--log-format")
    {
        Description = "How the log on standard output is written: lines for people, or JSON, a line each. With json what a started server says first is on standard error.",
        HelpName = string.Join('|', Formats.Keys),
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string> _level = new("--log-level")
    {
        Description = "The least level that is logged. At debug persons may be named.",
        HelpName = string.Join('|', Levels.Keys),
        DefaultValueFactory = _ => "information",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_level);
    }

    /// <summary>Parses the options. Returns null when one is wrong, with the reason in <paramref name="wrong"/>.</summary>
    public (LogFormat Format, LogLevel Level)? Read(ParseResult parsed, out string? wrong)
    {
        (string format, string level) = (parsed.GetValue(_format) ?? string.Empty, parsed.GetValue(_level) ?? string.Empty);
        wrong = !Formats.ContainsKey(format) ? $"--log-format '{format}' is not known: give {InWords(Formats.Keys)}."
            : !Levels.ContainsKey(level) ? $"--log-level '{level}' is not known: give {InWords(Levels.Keys)}."
            : null;
        return wrong is null ? (Formats[format], Levels[level]) : null;
    }

    private static string InWords(IReadOnlyCollection<string> words) => $"{string.Join(", ", words.SkipLast(1))} or {words.Last()}";
}
