using Gongji.Ledger;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <summary>All log messages of the grains. No person's identifier is logged above Debug.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(2001, LogLevel.Warning, "An account changed under its writer {Attempts} times in a row; the command was refused as unavailable.")]
    public static partial void AccountContended(this ILogger logger, int attempts);

    [LoggerMessage(2002, LogLevel.Warning, "A snapshot at version {Version} cannot be read; the account was folded from its entries.")]
    public static partial void SnapshotUnreadable(this ILogger logger, long version);

    [LoggerMessage(2006, LogLevel.Warning, "A snapshot at version {Version} is not what the entry of that version says; the account was folded from its entries. Run the audit: it names such snapshots.")]
    public static partial void SnapshotRefuted(this ILogger logger, long version);

    [LoggerMessage(2003, LogLevel.Information, "Transfer {Transfer} was interrupted; it was taken to its end: {Status}.")]
    public static partial void TransferResumed(this ILogger logger, Guid transfer, TransferStatus status);

    [LoggerMessage(2007, LogLevel.Information, "Transfer {Transfer} was not accepted by 06:00; it was returned to its giver.")]
    public static partial void TransferReturned(this ILogger logger, Guid transfer);

    [LoggerMessage(2004, LogLevel.Warning, "Transfer {Transfer} could not be resumed yet: {Reason}")]
    public static partial void TransferNotResumed(this ILogger logger, Guid transfer, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Rules of region {Region} set.")]
    public static partial void RulesSet(this ILogger logger, string region);
}
