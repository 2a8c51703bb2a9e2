using System.Security.Cryptography;
using System.Text;

namespace Gongji.Api.National;

/// <summary>Names operations after the messages that ask for them: the same message, the same operation.</summary>
internal static class NationalIds
{
    /// <summary>A version 8 UUID (RFC 9562) of a transaction number and a msgid.</summary>
    public static Guid Of(string number, string messageId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"national {number} {messageId}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>接收方报文ID: 30 characters.</summary>
    public static string ReferenceOf(string? number, string? messageId) => Of(number ?? string.Empty, messageId ?? string.Empty).ToString("N")[..30];
}
