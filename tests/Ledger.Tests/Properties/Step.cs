using System.Globalization;

namespace Gongji.Ledger.Tests;

/// <summary>What a step of a random sequence does.</summary>
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

/// <summary>How the clock moves before a step. Clocks of silos differ, so it may also run back.</summary>
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
/// One step. Its parts mean the same whatever the other steps are, where they can, so that a shorter sequence still does what it did.
/// </summary>
/// <param name="Kind">What it does.</param>
/// <param name="Person">A person, the payer.</param>
/// <param name="Other">Another, the payee; or a choice.</param>
/// <param name="Id">Which operation.</param>
/// <param name="AmountFen">In fen.</param>
/// <param name="Choice">What else there is to choose.</param>
/// <param name="Clock">How the clock moves first.</param>
/// <param name="ClockBy">How far, where that is free.</param>
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
