namespace Gongji.Storage;

/// <summary>FNV-1a: a hash that is the same in every process, unlike that of <see cref="string"/>.</summary>
internal static class StableHash
{
    public static uint Of(string text)
    {
        const uint offset = 2_166_136_261;
        const uint prime = 16_777_619;
        uint hash = offset;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * prime);
        }

        // The low bits of FNV-1a follow the last character; partitions are taken modulo a small number, so mix the high ones in.
        return hash ^ (hash >> 15);
    }
}
