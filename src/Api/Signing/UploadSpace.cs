using Gongji.Api.Http;

namespace Gongji.Api.Signing;

/// <summary>Bounds the temporary disk that signed bodies take while they are checked and used, all together.</summary>
internal sealed class UploadSpace(SigningOptions options)
{
    private long _taken;

    /// <summary>In bytes.</summary>
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

    /// <summary>That the disk itself takes nothing more, whatever this bounds.</summary>
    public static ProblemAnswer NoRoom() => ProblemAnswer.LedgerUnavailable("The server's temporary disk has no room for the body. Nothing was done: ask again later.");

    public void Free(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
