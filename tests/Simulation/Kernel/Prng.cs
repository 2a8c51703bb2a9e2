using System.Numerics;

namespace Gongji.Simulation.Kernel;

/// <summary>
/// The only source of randomness: xoshiro256**, seeded by SplitMix64. Each concern gets its own generator, so that drawing one number more for
/// one concern does not change the others.
/// </summary>
public sealed class Prng
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Prng(ulong seed)
    {
        _a = Mix(ref seed);
        _b = Mix(ref seed);
        _c = Mix(ref seed);
        _d = Mix(ref seed);
    }

    /// <summary>The generator of a concern.</summary>
    public static Prng For(ulong seed, string concern)
    {
        ulong mixed = seed;
        foreach (char letter in concern)
        {
            mixed = unchecked((mixed ^ letter) * 0x100000001B3UL);
            mixed = Mix(ref mixed);
        }

        return new Prng(mixed);
    }

    public ulong NextUInt64()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
            ulong shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = BitOperations.RotateLeft(_d, 45);
            return result;
        }
    }

    /// <summary>A number from 0 up to, but not including, a positive bound.</summary>
    public int Next(int bound) => (int)((UInt128)NextUInt64() * (ulong)bound >> 64);

    /// <summary>A number from one bound to the other, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    /// <summary>A number from one bound to the other, both included.</summary>
    public long Between(long low, long high) => low + (long)((UInt128)NextUInt64() * (ulong)(high - low + 1) >> 64);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability. Draws nothing when the probability is 0, so a fault that is off does not change the run.</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>A number skewed towards 0, and so towards the beginning of a list.</summary>
    /// <param name="bound">The bound, not included.</param>
    /// <param name="skew">1 is even; larger is more skewed.</param>
    public int NextSkewed(int bound, double skew) => Math.Min(bound - 1, (int)(bound * Math.Pow(NextDouble(), skew)));

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], NextUInt64());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static ulong Mix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }
}
