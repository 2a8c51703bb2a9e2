using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>A long body in a temporary file. The file has no name from the beginning on, so nothing is left of it however the process ends.</summary>
internal sealed class SpooledBody : IAsyncDisposable
{
    private const int BufferBytes = 81_920;

    private readonly UploadSpace _space;
    private readonly FileStream _file;
    private long _taken;

    public SpooledBody(UploadSpace space)
    {
        _space = space;
        string path = Path.Combine(Path.GetTempPath(), $"gongji-upload-{Guid.NewGuid():N}");
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
    }

    /// <summary>Keeps a piece; the problem when there is no room for it.</summary>
    public async ValueTask<ProblemAnswer?> AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_taken + piece.Length > _space.Total)
        {
            return SignedBody.TooLong(_space);
        }

        if (!_space.TryTake(piece.Length))
        {
            return ProblemAnswer.RateLimited($"Other uploads fill the {_space.Total} bytes that this server keeps of signed bodies. Ask again, signed anew.");
        }

        _taken += piece.Length;
        try
        {
            await _file.WriteAsync(piece, cancellationToken);
            return null;
        }
        catch (IOException)
        {
            return ProblemAnswer.LedgerUnavailable("The server's temporary disk has no room for the body. Nothing was done: ask again later.");
        }
    }

    /// <summary>What was kept, from its beginning.</summary>
    public Stream ToRead()
    {
        _file.Position = 0;
        return _file;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _file.DisposeAsync();
        }
        finally
        {
            _space.Free(_taken);
        }
    }
}
