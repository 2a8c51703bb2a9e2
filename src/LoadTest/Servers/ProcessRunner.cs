using System.Diagnostics;

namespace Gongji.LoadTest;

/// <summary>Runs helper programs to their end.</summary>
internal static class ProcessRunner
{
    /// <exception cref="BenchException">The program exited with a code other than 0; the message has its output.</exception>
    public static async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using Process process = Process.Start(start) ?? throw new BenchException($"{program} cannot be started.");
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(BenchLimits.ServerSeconds * 2));

        // Processes that the program starts may keep the other ends of these pipes open, so the pipes are read concurrently and never awaited to their end.
        Task<string> output = ReadSomeAsync(process.StandardOutput);
        Task<string> error = ReadSomeAsync(process.StandardError);
        await process.WaitForExitAsync(timeout.Token);
        if (process.ExitCode != 0)
        {
            await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken));
            string text = output.IsCompletedSuccessfully && error.IsCompletedSuccessfully ? await output + await error : "";
            throw new BenchException($"{program} {string.Join(' ', arguments)} failed with code {process.ExitCode}: {text.Trim()}");
        }
    }

    private static async Task<string> ReadSomeAsync(StreamReader reader)
    {
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return "";
        }
    }
}
