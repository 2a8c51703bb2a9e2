using Microsoft.Extensions.Logging;

namespace Gongji.LocalRuntime.Engine;

/// <summary>The runtime's log messages. Grain ids hold keys, which may be a person's: they are for Debug only.</summary>
internal static partial class Log
{
    internal static void TurnFailed(ILogger logger, Activation activation, Exception error)
    {
        TurnFailed(logger, activation.Class.GrainType.ToString(), error);
        Concerning(logger, activation);
    }

    internal static void ActivationFailed(ILogger logger, Activation activation, Exception error)
    {
        ActivationFailed(logger, activation.Class.GrainType.ToString(), error);
        Concerning(logger, activation);
    }

    internal static void DeactivationFailed(ILogger logger, Activation activation, Exception error)
    {
        DeactivationFailed(logger, activation.Class.GrainType.ToString(), error);
        Concerning(logger, activation);
    }

    internal static void TimerFailed(ILogger logger, Activation activation, Exception error)
    {
        TimerFailed(logger, activation.Class.GrainType.ToString(), error);
        Concerning(logger, activation);
    }

    [LoggerMessage(1, LogLevel.Error, "A turn of a {GrainType} failed in the runtime.")]
    private static partial void TurnFailed(ILogger logger, string grainType, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "A {GrainType} could not be activated; its callers get the exception.")]
    private static partial void ActivationFailed(ILogger logger, string grainType, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "A {GrainType} failed in its deactivation, which goes on.")]
    private static partial void DeactivationFailed(ILogger logger, string grainType, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "A timer of a {GrainType} failed; it goes on ticking.")]
    private static partial void TimerFailed(ILogger logger, string grainType, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "A reminder could not be delivered; it comes again at its next time.")]
    internal static partial void ReminderFailed(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Error, "A stream event could not be delivered in {Attempts} attempts and is skipped for this subscription.")]
    internal static partial void StreamDeliveryFailed(ILogger logger, int attempts, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "The silo stopped before all of its activations had ended.")]
    internal static partial void StoppedEarly(ILogger logger);

    [LoggerMessage(8, LogLevel.Debug, "Concerning {Activation}.")]
    private static partial void Concerning(ILogger logger, Activation activation);
}
