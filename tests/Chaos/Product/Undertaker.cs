using System.ComponentModel;
using System.Diagnostics;

namespace Gongji.Chaos.Product;

/// <summary>
/// A shell that reads from a pipe which this process holds open. When this process ends, even by SIGKILL, the pipe ends, and the shell cleans up what
/// would outlive the process. <see cref="Dismiss"/> ends the shell without cleaning up.
/// </summary>
internal sealed class Undertaker : IDisposable
{
    private readonly Process _shell;

    /// <param name="command">The clean-up command, with the arguments as $1, $2, …</param>
    /// <param name="arguments">The arguments.</param>
    public Undertaker(string command, params string[] arguments)
    {
        string script = $"trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r word && [ \"$word\" = done ] && exit; {command}";
        ProcessStartInfo start = new("/bin/sh", ["-c", script, "sh", .. arguments]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        _shell = Process.Start(start) ?? throw new Win32Exception();
    }

    /// <summary>Ends the shell: nothing is left to clean up.</summary>
    public void Dismiss()
    {
        try
        {
            _shell.StandardInput.WriteLine("done");
        }
        catch (IOException)
        {
            // The shell has already ended.
        }
    }

    public void Dispose() => _shell.Dispose();
}
