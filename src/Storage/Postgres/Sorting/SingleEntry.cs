using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>All that is kept of an entry that stands alone in its operation: what it must not share with another, and where it is. In files as it lies in memory.</summary>
/// <param name="High">Of the operation, in its order.</param>
/// <param name="Low">The rest of it.</param>
/// <param name="Account">Its number.</param>
/// <param name="Version">The version.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SingleEntry(ulong High, ulong Low, long Account, long Version)
{
    /// <summary>The operation.</summary>
    public (ulong High, ulong Low) Key => (High, Low);
}
