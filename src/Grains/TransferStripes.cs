using System.Buffers.Binary;

namespace Gongji.Grains;

/// <summary>
/// Maps an id to the transfer grain that answers for it. A grain for each transfer would cost one activation per transfer (more than half of the throughput);
/// a single grain for all would be limited to one core. See ARCHITECTURE.md.
/// </summary>
public static class TransferStripes
{
    /// <summary>How many transfer grains a cluster has. Fixed while the cluster runs.</summary>
    public const int Count = 64;

    /// <summary>The stripe of a transfer. The low bytes of an id are the random ones in UUID versions 4 and 7.</summary>
    public static long Of(Guid transfer)
    {
        Span<byte> bytes = stackalloc byte[16];
        transfer.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) % Count);
    }

    /// <summary>The grain that answers for a transfer.</summary>
    public static ITransferGrain GetTransfer(this IGrainFactory grains, Guid transfer) => grains.GetGrain<ITransferGrain>(Of(transfer));

    /// <summary>This silo's coordinator of relations.</summary>
    public static IRelationGrain GetRelations(this IGrainFactory grains) => grains.GetGrain<IRelationGrain>(0);

    /// <summary>The grain that answers for a payment or refund.</summary>
    public static IPaymentGrain GetPayment(this IGrainFactory grains, Guid payment) => grains.GetGrain<IPaymentGrain>(Of(payment));
}
