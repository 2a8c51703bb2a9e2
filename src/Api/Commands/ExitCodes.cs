namespace Gongji.Api.Commands;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>An invariant is violated, the demo deviated, a call was refused, or a server failed while it ran or could not stop in time.</summary>
    public const int Failed = 1;

    /// <summary>It could not start; one line on standard error says what to do.</summary>
    public const int CannotStart = 2;
}
