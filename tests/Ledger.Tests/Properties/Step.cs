using System.Globalization;

namespace Gongji.Ledger.Tests;

/// <summary>The kind of a step in a random sequence.</summary>
internal enum StepKind
{
    Register,
    Stop,
    Resume,
    Wallet,
    Credit,
    Hold,
    Receive,
    Decline,
    Post,
    Void,
    StrayPost,
    SetRules,
    Reload,
    CloseWallet,
    Correct,
    Propose,
    Consent,
    Dissolve,
    Leave,
    Order,
    TellLeaving,
    Pay,
    Contribute,
    GoOn,
    Refund,
    GoOnRefund,
    Renew,
}

/// <summary>How the clock moves before a step. It may also move backwards, since the clocks of silos differ.</summary>
internal enum ClockMove
{
    Stay,
    Milliseconds,
    Minutes,
    Back,
    JustBeforeClosing,
    Closing,
    JustBeforeOpening,
    Opening,
    NextNoon,
}

/// <summary>
/// One step. Where possible its parts mean the same whatever the other steps are, so that a shorter sequence still does what it did.
/// </summary>
/// <param name="Kind">The kind of step.</param>
/// <param name="Person">A person: the payer.</param>
/// <param name="Other">Another person: the payee; or a choice.</param>
/// <param name="Id">The number of the operation.</param>
/// <param name="AmountFen">The amount, in fen.</param>
/// <param name="Choice">A number for any further choice.</param>
/// <param name="Clock">How the clock moves before the step.</param>
/// <param name="ClockBy">How far it moves, where that is not fixed.</param>
internal sealed record Step(StepKind Kind, int Person, int Other, int Id, int AmountFen, int Choice, ClockMove Clock, int ClockBy)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"new({nameof(StepKind)}.{Kind}, {Person}, {Other}, {Id}, {AmountFen}, {Choice}, {nameof(ClockMove)}.{Clock}, {ClockBy})");
}

/// <summary>A random sequence.</summary>
internal sealed record Scenario(IReadOnlyList<Step> Steps)
{
    public override string ToString() => $"{Steps.Count} steps:\n  {string.Join(",\n  ", Steps)}\n";
}
