namespace Gongji.Api.Commands;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>An invariant is violated, the demo deviated, a call was refused, or a server failed while running or could not stop in time.</summary>
    public const int Failed = 1;

    /// <summary>The process could not start; one line on standard error says what to do.</summary>
    public const int CannotStart = 2;
}
