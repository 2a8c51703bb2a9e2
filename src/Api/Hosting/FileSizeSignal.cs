using System.Runtime.InteropServices;

namespace Gongji.Api.Hosting;

/// <summary>
/// SIGXFSZ comes when a file would grow over the process's limit (RLIMIT_FSIZE, a quota of its own) and ends a process that does not take
/// it. Taken, the write fails instead, as on a full disk, and the store says so.
/// </summary>
internal static class FileSizeSignal
{
    /// <summary>Its number on Linux and macOS; the runtime has no name for it, but takes numbers.</summary>
    private const PosixSignal Number = (PosixSignal)25;

    /// <summary>Ignores it until disposed; null where there is no such signal.</summary>
    public static PosixSignalRegistration? Ignore() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Number, static context => context.Cancel = true);
}
