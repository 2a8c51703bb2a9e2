namespace Gongji.Chaos;

/// <summary>Every fixed limit of the fault tests, in one place.</summary>
internal static class ChaosLimits
{
    /// <summary>Concurrent callers.</summary>
    public const int Clients = 32;

    /// <summary>The people who transfer money; every third accepts by hand.</summary>
    public const int Persons = 200;

    /// <summary>Payers, each with two relatives whose money they can draw.</summary>
    public const int Families = 40;

    /// <summary>How many attempts at one payment are recognised; each call makes a few at most.</summary>
    public const int PaymentAttempts = 64;

    /// <summary>The largest payment, in fen.</summary>
    public const int PaymentFenMax = 600;

    /// <summary>Concurrent calls while everything is checked after a round.</summary>
    public const int ChecksAtOnce = 32;

    /// <summary>Commands of earlier rounds that are repeated after a round; at the end of a run all of them are.</summary>
    public const int OldCommandsAskedAgain = 500;

    /// <summary>Deviations that are kept as text; further ones are only counted.</summary>
    public const int DeviationsKept = 20;

    /// <summary>What a person is credited at the beginning, in fen.</summary>
    public const long FirstCreditFen = 100_000;

    /// <summary>The largest transfer that the regions allow, in fen; larger ones are occasionally requested and must be refused.</summary>
    public const long TransferFenMax = 200_000;

    /// <summary>A client's longest pause between two commands.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(80);

    /// <summary>The longest pause before an unanswered command is repeated: Retry-After is honoured up to this.</summary>
    public static readonly TimeSpan RetryPauseMax = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest time that any call may take, even in the worst conditions.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>How long the product may take to notice that its store is unavailable.</summary>
    public static readonly TimeSpan NoticeWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long it must then say so without interruption before the store comes back.</summary>
    public static readonly TimeSpan NotReadyFor = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take to work again on its own, or after a start.</summary>
    public static readonly TimeSpan RecoverWithin = TimeSpan.FromSeconds(60);

    /// <summary>How often its health is polled.</summary>
    public static readonly TimeSpan HealthEvery = TimeSpan.FromMilliseconds(40);
}
