using System.Runtime.InteropServices;

namespace Gongji.Api.Hosting;

/// <summary>
/// The kernel sends SIGXFSZ when a write would grow a file beyond the process's limit (RLIMIT_FSIZE), and ends a process that does not handle the
/// signal. When it is handled, the write fails instead, as on a full disk, and the store reports that.
/// </summary>
internal static class FileSizeSignal
{
    /// <summary>The signal's number on Linux and macOS; the runtime has no name for it, but accepts raw numbers.</summary>
    private const PosixSignal Number = (PosixSignal)25;

    /// <summary>Ignores the signal until the result is disposed; null where there is no such signal.</summary>
    public static PosixSignalRegistration? Ignore() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Number, static context => context.Cancel = true);
}
