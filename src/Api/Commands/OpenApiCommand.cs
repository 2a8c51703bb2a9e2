using System.CommandLine;
using Gongji.Api.Hosting;
using Gongji.Api.OpenApi;

namespace Gongji.Api.Commands;

/// <summary><c>openapi</c>: prints the OpenAPI document.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        Command command = new("openapi", "Prints the OpenAPI document; src/Api/openapi.v1.json is a copy of it.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using WebApplication app = ApiHost.BuildForDescription();
            await Console.Out.WriteLineAsync(await ApiDocument.RenderAsync(app.Services, cancellationToken));
            return ExitCodes.Ok;
        });
        return command;
    }
}
