using Microsoft.Extensions.Logging;

namespace Gongji.Silo;

/// <summary>All log messages of the host.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(3001, LogLevel.Warning, "Sweeps do not come through and are tried again each second; this is said once a minute: {Reason}")]
    public static partial void SweepFailed(this ILogger logger, string reason);

    [LoggerMessage(3008, LogLevel.Information, "Sweeps come through again")]
    public static partial void SweepsGoOn(this ILogger logger);

    [LoggerMessage(3003, LogLevel.Error, "A sweep met a bug; the next round goes on. This is said once a minute.")]
    public static partial void SweepBroke(this ILogger logger, Exception bug);

    [LoggerMessage(3004, LogLevel.Information, "Business day {Day} was closed at its cut-off.")]
    public static partial void DayClosed(this ILogger logger, DateOnly day);

    [LoggerMessage(3005, LogLevel.Warning, "Business day {Day} is past its cut-off and will be closed when it can be; this is said once a minute: {Reason}")]
    public static partial void DayNotClosed(this ILogger logger, DateOnly day, string reason);

    [LoggerMessage(3006, LogLevel.Error, "Closing a day met a bug; it is tried again. This is said once a minute.")]
    public static partial void DayCloserBroke(this ILogger logger, Exception bug);

    [LoggerMessage(3002, LogLevel.Information, "Demo regions live, closed hours off: {Regions}.")]
    public static partial void DemoRegionsLive(this ILogger logger, string regions);

    [LoggerMessage(3007, LogLevel.Information, "Demo regions left as they were set: {Regions}.")]
    public static partial void DemoRegionsLeft(this ILogger logger, string regions);

    [LoggerMessage(3009, LogLevel.Critical, "This silo cannot go on, so its process ends now. What was answered is kept. Orleans says: {Reason}")]
    public static partial void SiloEnds(this ILogger logger, Exception? failure, string? reason);
}
