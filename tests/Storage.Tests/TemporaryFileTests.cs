namespace Gongji.Storage.Tests;

/// <summary>Temporary files for the duration of a call: a full disk is reported as such, and nothing is left behind.</summary>
public sealed class TemporaryFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gongji-storage-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Uploaded_lines_where_no_directory_can_be_made_are_unavailable()
    {
        string file = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(file, "");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => UploadedLines.OpenAsync(file, default));
    }

    /// <summary>SQLite takes no path of more than 512 bytes; a directory's may be longer.</summary>
    [Fact]
    public async Task Uploaded_lines_that_SQLite_cannot_keep_are_unavailable_and_leave_nothing_behind()
    {
        string deep = Path.Combine(_directory, new string('a', 200), new string('b', 200), new string('c', 200));
        Directory.CreateDirectory(deep);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => UploadedLines.OpenAsync(deep, default));
        Assert.Empty(Directory.GetFileSystemEntries(deep));
    }

    [Fact]
    public async Task Uploaded_lines_of_a_caller_who_has_left_are_not_kept()
    {
        using CancellationTokenSource caller = new();
        using UploadedLines lines = await UploadedLines.OpenAsync(_directory, caller.Token);
        Assert.True(await lines.TryAddAsync(Book.Id(1), 1, caller.Token));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lines.FlushAsync(caller.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UploadedLines.OpenAsync(_directory, caller.Token));
    }

    [Fact]
    public async Task Nameless_file_is_read_back_and_has_no_name()
    {
        await using FileStream file = NamelessFile.Create("gongji-test-", FileOptions.Asynchronous, bufferBytes: 0, _directory);
        await file.WriteAsync(new byte[] { 1, 2, 3 });
        file.Position = 0;

        Assert.Equal(1, file.ReadByte());
        Assert.True(OperatingSystem.IsWindows() || Directory.GetFileSystemEntries(_directory).Length == 0);
    }
}
