namespace Gongji.Storage;

/// <summary>
/// The store cannot be reached or refuses to work, or the temporary disk does. Nothing of a batch was written, nor ever will be
/// (<see cref="ILedgerStore.CommitAsync"/>). Where something else may have been written all the same, the method says so (<see cref="IEscrowStore"/>,
/// <see cref="IGrainStateStore"/>). Trying again is right everywhere.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
