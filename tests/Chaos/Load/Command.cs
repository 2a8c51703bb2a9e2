namespace Gongji.Chaos.Load;

/// <summary>A command: its request, and what is known about it. Several callers may send it at once.</summary>
internal sealed class Command(CommandKind kind, Guid id, string path, string body)
{
    private readonly Lock _gate = new();
    private long _answeredAt;
    private int _firstAnswers;

    public CommandKind Kind { get; } = kind;

    public Guid Id { get; } = id;

    public string Path { get; } = path;

    public string Body { get; } = body;

    /// <summary>The person of a credit, the giver of a transfer, or the payer of a payment.</summary>
    public string Person { get; init; } = string.Empty;

    /// <summary>The recipient of a transfer.</summary>
    public string Payee { get; init; } = string.Empty;

    public bool FromWallet { get; init; }

    public long AmountFen { get; init; }

    /// <summary>The transfer that this command ends, or the payment that it refunds.</summary>
    public Command? Target { get; init; }

    /// <summary>The refusal that it must get, and the only one it may get; null when none is required.</summary>
    public string? MustRefuse { get; init; }

    /// <summary>Whether it is not repeated when its first answer is that nothing was decided.</summary>
    public bool GivesUp { get; init; }

    /// <summary>The number of ends that were requested for this transfer.</summary>
    public int EndsAsked { get; set; }

    /// <summary>A transfer's status, as last read from its resource.</summary>
    public string Status { get; set; } = string.Empty;

    public CommandState State { get; private set; }

    /// <summary>The answer that must stay true.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>Whether some request had no answer, or an unknown outcome.</summary>
    public bool WasInDoubt { get; private set; }

    /// <summary>Whether it moves money under an id of its own.</summary>
    public bool HasId => Kind is CommandKind.Credit or CommandKind.Transfer or CommandKind.Payment or CommandKind.Refund;

    /// <summary>Records an answer with 2xx; returns whether it is the first.</summary>
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

    /// <summary>Records a refusal.</summary>
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

    /// <summary>Records an unknown outcome.</summary>
    public void TakeDoubt() => WasInDoubt = true;

    /// <summary>No earlier request can arrive any more: answers are final from now on.</summary>
    public void EndDoubt() => WasInDoubt = false;

    /// <summary>Records the answer that nothing was decided; returns whether the command is then not repeated.</summary>
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
