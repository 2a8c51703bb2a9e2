using System.CommandLine;
using Gongji.Api.Demo;

namespace Gongji.Api.Commands;

/// <summary><c>demo</c>: plays the story that the project exists for, through the HTTP API.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Command command = new("demo", "Starts on a fresh temporary store, plays the story through the HTTP API, audits; exits 1 naming the step that deviates.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DemoServer server;
        try
        {
            server = await DemoServer.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (StartFailure.Describe(exception, new Silo.SiloOptions()) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.CannotStart;
        }

        await using (server)
        {
            using DemoClient client = new(server.Address, server.Key, TimeProvider.System);
            DemoPage page = new(Console.Out);
            try
            {
                await new DemoStory(client, page).PlayAsync(server, cancellationToken);
                await Console.Out.WriteLineAsync("demo ok");
                return ExitCodes.Ok;
            }
            catch (DemoDeviation deviation)
            {
                await Console.Error.WriteLineAsync($"demo FAILED at step {deviation.Step}\n  expected  {deviation.Expected}\n  got       {deviation.Got}");
                return ExitCodes.Failed;
            }
            catch (HttpRequestException exception)
            {
                await Console.Error.WriteLineAsync($"demo FAILED: the server did not answer ({exception.Message})");
                return ExitCodes.Failed;
            }
        }
    }
}
