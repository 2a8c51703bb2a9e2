namespace Gongji.Storage;

/// <summary>Temporary files that have no name from the beginning on, so nothing is left of them however the process ends.</summary>
public static class NamelessFile
{
    /// <summary>Makes one, which nobody else may read.</summary>
    /// <param name="prefix">What its name begins with for the moment that it has one, and where no file can be without.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="bufferBytes">The stream's buffer; 0: none.</param>
    /// <param name="directory">Where; null: in the temporary directory.</param>
    /// <exception cref="IOException">It cannot be made: the disk is full, or the directory is not there.</exception>
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

    /// <summary>Whether an exception is one of the disk, and no bug.</summary>
    public static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
