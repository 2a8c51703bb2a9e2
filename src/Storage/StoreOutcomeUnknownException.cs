namespace Gongji.Storage;

/// <summary>The store may or may not have written what was asked.</summary>
public sealed class StoreOutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);
