namespace Gongji.LocalRuntime.Engine;

/// <summary>The runtime's log messages. They name grain types, never grain ids: those hold keys, which may be a person's.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A turn of a {GrainType} failed in the runtime.")]
    internal static partial void TurnFailed(ILogger logger, GrainType grainType, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "A {GrainType} could not be activated; its callers get the exception.")]
    internal static partial void ActivationFailed(ILogger logger, GrainType grainType, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "A {GrainType} failed in its deactivation, which goes on.")]
    internal static partial void DeactivationFailed(ILogger logger, GrainType grainType, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "A timer of a {GrainType} failed; it goes on ticking.")]
    internal static partial void TimerFailed(ILogger logger, GrainType grainType, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "A reminder could not be delivered; it comes again at its next time.")]
    internal static partial void ReminderFailed(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Error, "A stream event could not be delivered in {Attempts} attempts and is skipped for this subscription.")]
    internal static partial void StreamDeliveryFailed(ILogger logger, int attempts, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "The silo stopped before all of its activations had ended.")]
    internal static partial void StoppedEarly(ILogger logger);
}
