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

    public void Free(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
