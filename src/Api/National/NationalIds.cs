using System.Text;
using Gongji.Ledger;

namespace Gongji.Api.National;

/// <summary>Names operations after the messages that ask for them: the same message, the same operation.</summary>
internal static class NationalIds
{
    /// <summary>发送方报文ID has up to so many characters.</summary>
    public const int MessageIdLengthMax = 30;

    /// <summary>A version 8 UUID (RFC 9562) of a transaction number and a msgid.</summary>
    public static Guid Of(string number, string messageId) => NamedIds.Of(Encoding.UTF8.GetBytes($"national {number} {messageId}"));

    /// <summary>接收方报文ID: 30 characters.</summary>
    public static string ReferenceOf(string? number, string? messageId) => Of(number ?? string.Empty, messageId ?? string.Empty).ToString("N")[..MessageIdLengthMax];
}
