namespace Gongji.LoadTest;

/// <summary>Pseudo-random numbers (SplitMix64): fast, and the same for the same seed on every machine. Not thread-safe, and not for secrets.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        unchecked
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 up to, but not including, a count.</summary>
    public int Next(int count) => (int)(((UInt128)NextBits() * (uint)count) >> 64);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double NextShare() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A version 7 UUID for a moment: ids that are made close together in time are close together in an index.</summary>
    public Guid NextId(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16 | (long)(NextBits() >> 52) | 0x7000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (NextBits() >> 2) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }
}
