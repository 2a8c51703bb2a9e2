using System.Diagnostics;

namespace Gongji.Api.Tests.Support;

/// <summary>Runs what a person would type into a shell.</summary>
internal static class Shell
{
    /// <summary>Runs commands with bash, up to the first that fails.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="environment">Variables in addition to those of this process.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string commands, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("bash", ["-euo", "pipefail", "-c", commands])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync();
        Task<string> errors = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, await output + await errors);
    }
}
