using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An entry with its detail in stored form.</summary>
public readonly record struct EncodedEntry(Entry Entry, byte[]? Detail);
