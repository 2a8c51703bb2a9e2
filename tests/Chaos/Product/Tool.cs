using System.ComponentModel;
using System.Diagnostics;

namespace Gongji.Chaos.Product;

/// <summary>Runs programs of the system.</summary>
internal static class Tool
{
    /// <summary>Runs a program, which must succeed.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        if (!await TryRunAsync(program, arguments))
        {
            throw new ChaosException($"{program} {string.Join(' ', arguments)} failed.");
        }
    }

    /// <summary>Runs a program; false when it is missing or fails.</summary>
    public static async Task<bool> TryRunAsync(string program, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments) { WorkingDirectory = "/", RedirectStandardError = true };
            using Process process = Process.Start(start) ?? throw new Win32Exception();
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
