using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// All that is kept of an entry that stands alone in its operation: the operation, which it must not share with another entry, and where it is. Files
/// hold it in its memory layout.
/// </summary>
/// <param name="High">The high half of the operation's key.</param>
/// <param name="Low">The low half.</param>
/// <param name="Account">The account's number.</param>
/// <param name="Version">The version.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SingleEntry(ulong High, ulong Low, long Account, long Version)
{
    /// <summary>The operation.</summary>
    public (ulong High, ulong Low) Key => (High, Low);
}
