namespace Gongji.Chaos;

/// <summary>Every fixed bound of the fault tests, in one place.</summary>
internal static class ChaosLimits
{
    /// <summary>Callers at the same time.</summary>
    public const int Clients = 32;

    /// <summary>People that money moves between; every third accepts by hand.</summary>
    public const int Persons = 200;

    /// <summary>Payers, each with two relatives whose money they may draw.</summary>
    public const int Families = 40;

    /// <summary>Attempts at one payment that are told apart; each call makes a few at most.</summary>
    public const int PaymentAttempts = 64;

    /// <summary>The largest payment, in fen.</summary>
    public const int PaymentFenMax = 600;

    /// <summary>Calls at the same time while all is looked at after a round.</summary>
    public const int ChecksAtOnce = 32;

    /// <summary>Commands of former rounds that are asked again after a round; at the end of a run it is all of them.</summary>
    public const int OldCommandsAskedAgain = 500;

    /// <summary>Deviations that are kept in words; more are only counted.</summary>
    public const int DeviationsKept = 20;

    /// <summary>What a person is credited at the beginning, in fen.</summary>
    public const long FirstCreditFen = 100_000;

    /// <summary>The largest transfer the regions allow, in fen; more is asked now and then, and must be refused.</summary>
    public const long TransferFenMax = 200_000;

    /// <summary>The longest pause of a client between two commands.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(80);

    /// <summary>The longest pause before an unanswered command is asked again: Retry-After is kept up to this.</summary>
    public static readonly TimeSpan RetryPauseMax = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest that any call may take, also in the worst of times.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>How long the product may take to notice that its store is away.</summary>
    public static readonly TimeSpan NoticeWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long it must then say so without a break before the store comes back.</summary>
    public static readonly TimeSpan NotReadyFor = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take to work again by itself, or after a start.</summary>
    public static readonly TimeSpan RecoverWithin = TimeSpan.FromSeconds(60);

    /// <summary>How often it is asked for its health.</summary>
    public static readonly TimeSpan HealthEvery = TimeSpan.FromMilliseconds(40);
}
