namespace Gongji.Storage;

/// <summary>Files and directories of the product are their owner's alone. What is there already stays as it is.</summary>
public static class PrivateFiles
{
    /// <summary>Of a file: 600.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes a directory, with those above it, unless it is there.</summary>
    /// <exception cref="IOException">It cannot be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode);
        }
    }

    /// <summary>How to open a file that is made, private, unless it is there.</summary>
    internal static FileStreamOptions OpenOrCreate(FileShare share)
    {
        FileStreamOptions options = new() { Mode = System.IO.FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }

    /// <summary>Whether others on this machine, who are not of its group, can read or write a file, or put another in its place.</summary>
    internal static bool IsExposed(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return false;
        }

        UnixFileMode directory = File.GetUnixFileMode(Path.GetDirectoryName(Path.GetFullPath(path))!);
        UnixFileMode file = File.GetUnixFileMode(path);
        return directory.HasFlag(UnixFileMode.OtherWrite)
            || (directory.HasFlag(UnixFileMode.OtherExecute) && (file & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None);
    }
}
