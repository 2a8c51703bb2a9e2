using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>Bounds the temporary disk space of all signed bodies together, while they are verified and used.</summary>
internal sealed class UploadSpace(SigningOptions options)
{
    private long _taken;

    /// <summary>The limit, in bytes.</summary>
    public long Total => options.UploadBytesMax;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= Total)
        {
            return true;
        }

        Free(bytes);
        return false;
    }

    /// <summary>The problem when the disk itself is full, whatever this limit allows.</summary>
    public static ProblemAnswer NoRoom() => ProblemAnswer.LedgerUnavailable("The server's temporary disk has no room for the body. Nothing was done: ask again later.");

    public void Free(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
