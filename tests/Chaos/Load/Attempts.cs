using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gongji.Chaos.Load;

/// <summary>
/// The operations that a command may have in the ledger. Every command has one, except a payment: when an attempt at it was abandoned, the next one is named
/// after the payment and the attempt's number (a version 8 UUID of their SHA-256).
/// </summary>
internal static class Attempts
{
    public static IEnumerable<Guid> Of(Command command) => command.Kind == CommandKind.Payment
        ? Enumerable.Range(0, ChaosLimits.PaymentAttempts).Select(number => Of(command.Id, number))
        : [command.Id];

    private static Guid Of(Guid payment, int number)
    {
        if (number == 0)
        {
            return payment;
        }

        byte[] name = [.. payment.ToByteArray(bigEndian: true), 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(name.AsSpan(16), number);
        byte[] hash = SHA256.HashData(name)[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
