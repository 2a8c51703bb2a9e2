namespace Gongji.Chaos.Load;

/// <summary>Sends a command as a careful caller does: repeatedly, under the same id, until there is an answer.</summary>
internal sealed class Asker(Caller caller, Book book, Judge judge, Deviations deviations, bool mayBeLost)
{
    private int _doubts;
    private int _undecided;
    private long _lastDoneSentAt;

    /// <summary>The number of requests with an unknown outcome.</summary>
    public int Doubts => Volatile.Read(ref _doubts);

    /// <summary>The number of requests that were told that nothing was decided.</summary>
    public int Undecided => Volatile.Read(ref _undecided);

    /// <summary>When the latest successful request was sent.</summary>
    public long LastDoneSentAt => Interlocked.Read(ref _lastDoneSentAt);

    /// <summary>Repeats a command until there is an answer or it is told to stop; returns whether there is an answer.</summary>
    public async Task<bool> AskAsync(Command command, Random random, CancellationToken stop)
    {
        bool isFirst = true;
        do
        {
            (Verdict verdict, TimeSpan after) = await AskOnceAsync(command);
            if (verdict is Verdict.Done or Verdict.Refused)
            {
                return true;
            }

            if (verdict == Verdict.Undecided && isFirst && command.TryGiveUp())
            {
                return true;
            }

            isFirst = false;
            TimeSpan pause = after < ChaosLimits.RetryPauseMax ? after : ChaosLimits.RetryPauseMax;
            await Task.Delay(pause * (0.5 + (random.NextDouble() / 2)), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stop.IsCancellationRequested);
        return false;
    }

    /// <summary>Sends a command once; returns the verdict, and when to ask again.</summary>
    public async Task<(Verdict Verdict, TimeSpan After)> AskOnceAsync(Command command)
    {
        long creditedFen = command.Kind == CommandKind.Payment ? People.FamilyOf(command.Person).Sum(book.CreditedFen) : book.CreditedFen(command.Person);
        Answer answer;
        try
        {
            answer = await caller.PostAsync(command.Path, command.Body);
        }
        catch (Exception exception) when (Caller.IsLost(exception))
        {
            if (!mayBeLost)
            {
                deviations.Add($"{command} got no answer though the process lives: {exception.GetType().Name} {exception.Message}");
            }

            command.TakeDoubt();
            Interlocked.Increment(ref _doubts);
            return (Verdict.InDoubt, TimeSpan.FromMilliseconds(100));
        }

        Verdict verdict = judge.Of(command, answer, creditedFen);
        Take(command, answer, verdict);
        return (verdict, answer.RetryAfter ?? TimeSpan.Zero);
    }

    private void Take(Command command, Answer answer, Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Done:
                if (command.TakeDone(answer, deviations) && command.Kind == CommandKind.Credit)
                {
                    book.NoteCredit(command);
                }

                if (!answer.IsReplay)
                {
                    Interlocked.Exchange(ref _lastDoneSentAt, answer.SentAt);
                }

                break;
            case Verdict.Refused:
                command.TakeRefused(answer, deviations);
                break;
            case Verdict.InDoubt:
                command.TakeDoubt();
                Interlocked.Increment(ref _doubts);
                break;
            default:
                Interlocked.Increment(ref _undecided);
                break;
        }
    }
}
