namespace Gongji.Storage;

/// <summary>Temporary files that have no name from the start, so that nothing of them is left however the process ends.</summary>
public static class NamelessFile
{
    /// <summary>Creates a file that no other user may read.</summary>
    /// <param name="prefix">The beginning of its name while it has one: for a moment, or until it is closed where a file cannot be without a name.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="bufferBytes">The stream's buffer; 0: none.</param>
    /// <param name="directory">Where; null: in the temporary directory.</param>
    /// <exception cref="IOException">It cannot be created: the disk is full, or the directory is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static FileStream Create(string prefix, FileOptions options, int bufferBytes, string? directory = null)
    {
        string path = Path.Combine(directory ?? Path.GetTempPath(), $"{prefix}{Guid.NewGuid():N}");
        FileStreamOptions settings = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = bufferBytes,
            Options = options | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = PrivateFiles.FileMode;
        }

        FileStream file = new(path, settings);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an exception comes from the disk and not from a bug.</summary>
    public static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
