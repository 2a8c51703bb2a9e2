namespace Gongji.Storage;

/// <summary>Creates the product's files and directories so that only their owner has access. What exists already is left as it is.</summary>
public static class PrivateFiles
{
    /// <summary>The mode of a file: 600.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Creates a directory, with those above it, unless it exists.</summary>
    /// <exception cref="IOException">It cannot be created there.</exception>
    /// <exception cref="UnauthorizedAccessException">This user lacks the permission.</exception>
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

    /// <summary>Options to open a file, which is created as private when it does not exist.</summary>
    internal static FileStreamOptions OpenOrCreate(FileShare share)
    {
        FileStreamOptions options = new() { Mode = System.IO.FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }

    /// <summary>Whether other users of this machine, outside the file's group, can read or write a file, or put another in its place.</summary>
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
