using Gongji.Api.Http;
using Gongji.Storage;

namespace Gongji.Api.Signing;

/// <summary>A long body in an unnamed temporary file.</summary>
internal sealed class SpooledBody(UploadSpace space) : IAsyncDisposable
{
    private const int BufferBytes = 81_920;

    private FileStream? _file;
    private long _taken;

    /// <summary>Stores a piece; returns the problem when there is no room for it.</summary>
    public async ValueTask<ProblemAnswer?> AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_taken + piece.Length > space.Total)
        {
            return SignedBody.TooLong(space);
        }

        if (!space.TryTake(piece.Length))
        {
            return ProblemAnswer.RateLimited($"Other uploads fill the {space.Total} bytes that this server keeps of signed bodies. Ask again, signed anew.");
        }

        _taken += piece.Length;
        try
        {
            _file ??= NamelessFile.Create("gongji-upload-", FileOptions.Asynchronous, BufferBytes);
            await _file.WriteAsync(piece, cancellationToken);
            return null;
        }
        catch (Exception exception) when (NamelessFile.IsOfTheDisk(exception))
        {
            return UploadSpace.NoRoom();
        }
    }

    /// <summary>The stored body, from its beginning.</summary>
    public Stream ToRead()
    {
        FileStream file = _file ?? throw new InvalidOperationException("Nothing was kept.");
        file.Position = 0;
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (_file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            space.Free(_taken);
        }
    }
}
