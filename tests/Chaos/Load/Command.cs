namespace Gongji.Chaos.Load;

/// <summary>One command: what was asked, and what is known of it. Several callers may ask it at once.</summary>
internal sealed class Command(CommandKind kind, Guid id, string path, string body)
{
    private readonly Lock _gate = new();
    private long _answeredAt;
    private int _firstAnswers;

    public CommandKind Kind { get; } = kind;

    public Guid Id { get; } = id;

    public string Path { get; } = path;

    public string Body { get; } = body;

    /// <summary>A credit's person, a transfer's giver, a payment's payer.</summary>
    public string Person { get; init; } = string.Empty;

    /// <summary>A transfer's recipient.</summary>
    public string Payee { get; init; } = string.Empty;

    public bool FromWallet { get; init; }

    public long AmountFen { get; init; }

    /// <summary>The transfer that this one ends, or the payment that it refunds.</summary>
    public Command? Target { get; init; }

    /// <summary>The only refusal it may get, and must.</summary>
    public string? MustRefuse { get; init; }

    /// <summary>Not asked again when it is told at its first asking that nothing was decided.</summary>
    public bool GivesUp { get; init; }

    /// <summary>Ends that were asked for this transfer.</summary>
    public int EndsAsked { get; set; }

    /// <summary>Where a transfer stands, as last seen by its own resource.</summary>
    public string Status { get; set; } = string.Empty;

    public CommandState State { get; private set; }

    /// <summary>The answer that counts.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>Whether some asking had no answer, or an unknown outcome.</summary>
    public bool WasInDoubt { get; private set; }

    /// <summary>Moves money under an id of its own.</summary>
    public bool HasId => Kind is CommandKind.Credit or CommandKind.Transfer or CommandKind.Payment or CommandKind.Refund;

    /// <summary>Takes what was answered with 2xx; whether this is the first such answer.</summary>
    public bool TakeDone(Answer answer, Deviations deviations)
    {
        lock (_gate)
        {
            if (MustRefuse is not null)
            {
                deviations.Add($"{this} must be refused with {MustRefuse}, but got {answer}");
            }

            if (State == CommandState.Answered && Text != answer.Text)
            {
                deviations.AddLost($"{this} was answered with {Text}, now with {answer}");
            }

            if (HasId && !answer.IsReplay && ++_firstAnswers > 1)
            {
                deviations.AddDoubled($"{this} was answered as new {_firstAnswers} times: {Text}, now {answer}");
            }

            if (State == CommandState.Answered)
            {
                return false;
            }

            (State, Text, _answeredAt) = (CommandState.Answered, answer.Text, TimeProvider.System.GetTimestamp());
            return true;
        }
    }

    /// <summary>Takes a refusal.</summary>
    public void TakeRefused(Answer answer, Deviations deviations)
    {
        lock (_gate)
        {
            if (State != CommandState.Answered)
            {
                (State, Text) = (CommandState.Refused, answer.Text);
            }
            else if (answer.SentAt >= _answeredAt)
            {
                deviations.AddLost($"{this} was answered with {Text}, now with {answer}");
            }
        }
    }

    /// <summary>Takes an unknown outcome.</summary>
    public void TakeDoubt() => WasInDoubt = true;

    /// <summary>Nothing asked before can arrive any more: what it is told from here on is final.</summary>
    public void EndDoubt() => WasInDoubt = false;

    /// <summary>It was told that nothing was decided; whether it is one that is not asked again then.</summary>
    public bool TryGiveUp()
    {
        lock (_gate)
        {
            if (GivesUp && State == CommandState.Unknown && !WasInDoubt)
            {
                State = CommandState.GivenUp;
            }

            return State == CommandState.GivenUp;
        }
    }

    public override string ToString() => $"{Kind} {Id} ({Path} {Body})";
}
