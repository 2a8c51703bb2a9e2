using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// Coordinates the two-party moves of a stripe of transfer ids (see <see cref="TransferStripes"/>): the same id always meets the same
/// grain. It remembers only what is in flight; the ledger is the log of every transfer.
/// </summary>
[Alias("gongji.transfer")]
public interface ITransferGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a transfer, or repeats the first answer when its id is already known with the same content.</summary>
    Task<Reply<TransferView>> CreateAsync(CreateTransfer command);

    /// <summary>Accepts, rejects or cancels a transfer.</summary>
    Task<Reply<TransferView>> EndAsync(EndTransfer command);

    /// <summary>A transfer in its current state; an interrupted one is taken to its end first.</summary>
    Task<Reply<TransferView>> GetAsync(Guid transfer);

    /// <summary>
    /// Takes interrupted transfers to their end and returns those that are due, and handles whatever else sweepers find. One that cannot be resumed now does not hold up
    /// the others. True when all of them have an outcome afterwards.
    /// </summary>
    Task<bool> ResumeAsync(ResumeTransfers command);
}

/// <summary>What a sweeper has found in one stripe.</summary>
[GenerateSerializer, Immutable, Alias("gongji.resume-transfers")]
public sealed record ResumeTransfers([property: Id(0)] Guid[] Transfers);
