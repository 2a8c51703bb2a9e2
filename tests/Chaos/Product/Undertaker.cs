using System.ComponentModel;
using System.Diagnostics;

namespace Gongji.Chaos.Product;

/// <summary>
/// A shell that reads from a pipe this process holds. The pipe's end comes when this process ends, also by SIGKILL; then the shell cleans up
/// what would outlive it. <see cref="Dismiss"/> sends it away without that.
/// </summary>
internal sealed class Undertaker : IDisposable
{
    private readonly Process _shell;

    /// <param name="command">What to do at the end, with the arguments as $1, $2, …</param>
    /// <param name="arguments">The arguments.</param>
    public Undertaker(string command, params string[] arguments)
    {
        string script = $"trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r word && [ \"$word\" = done ] && exit; {command}";
        ProcessStartInfo start = new("/bin/sh", ["-c", script, "sh", .. arguments]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        _shell = Process.Start(start) ?? throw new Win32Exception();
    }

    /// <summary>Nothing is left to clean up.</summary>
    public void Dismiss()
    {
        try
        {
            _shell.StandardInput.WriteLine("done");
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    public void Dispose() => _shell.Dispose();
}
