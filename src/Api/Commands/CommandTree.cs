using System.CommandLine;

namespace Gongji.Api.Commands;

/// <summary>Every command of the process: see api.md, "Commands".</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = ServeCommand.Create();
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(CallCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(OpenApiCommand.Create());

        // An argument that begins with @ is not a file of more arguments: call's --data takes it.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("Try --help.");
            return ExitCodes.CannotStart;
        }

        // Signals are the host's: it drains. The parser's own handler would cut that short.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
