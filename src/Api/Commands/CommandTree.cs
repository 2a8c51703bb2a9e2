using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Gongji.Api.Commands;

/// <summary>All commands of the process; <c>--help</c> lists them.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = ServeCommand.Create();
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(CallCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(OpenApiCommand.Create());

        // An argument that begins with @ does not name a response file here: call's --data uses that syntax itself.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (string wrong in parsed.Errors.Select(InWords).Distinct())
            {
                await Console.Error.WriteLineAsync(wrong);
            }

            await Console.Error.WriteLineAsync("Try --help.");
            return ExitCodes.CannotStart;
        }

        // The host handles signals: it drains first. The parser's own handler would cut that short.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Describes a parse error for people: the parser's own messages name types of this program, or omit which argument is missing.</summary>
    private static string InWords(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: Option<int> or Option<int?>, Tokens: [{ Value: var text }] } result when !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
            $"{result.Option.Name} '{text}' is not a whole number.",
        ArgumentResult { Tokens: [], Parent: CommandResult { Command.Name: var command } } result => $"{command} needs {result.Argument.Name}: {result.Argument.Description}",
        _ => error.Message,
    };
}
