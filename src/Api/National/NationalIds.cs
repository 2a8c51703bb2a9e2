using System.Text;
using Gongji.Ledger;

namespace Gongji.Api.National;

/// <summary>Derives operation ids from the messages that request them: the same message gives the same operation.</summary>
internal static class NationalIds
{
    /// <summary>The most characters of a 发送方报文ID.</summary>
    public const int MessageIdLengthMax = 30;

    /// <summary>A version 8 UUID (RFC 9562) made from a transaction number and a msgid.</summary>
    public static Guid Of(string number, string messageId) => NamedIds.Of(Encoding.UTF8.GetBytes($"national {number} {messageId}"));

    /// <summary>接收方报文ID: 30 characters.</summary>
    public static string ReferenceOf(string? number, string? messageId) => Of(number ?? string.Empty, messageId ?? string.Empty).ToString("N")[..MessageIdLengthMax];
}
