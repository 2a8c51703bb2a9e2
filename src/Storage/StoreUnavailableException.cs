namespace Gongji.Storage;

/// <summary>The store cannot be reached or refuses to work; nothing was written.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
