namespace Gongji.Chaos.Load;

/// <summary>Decides what an answer means, and whether the contract and the rules allow it.</summary>
internal sealed class Judge(Book book, Deviations deviations)
{
    /// <param name="command">The command.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="creditedFen">What the giver, or the payer's family, had certainly been credited when the request was sent.</param>
    public Verdict Of(Command command, Answer answer, long creditedFen)
    {
        switch (answer.Status)
        {
            case 201 when command.HasId:
            case 200 when !command.HasId:
                return Verdict.Done;
            case 503 when answer is { Code: "ledger-unavailable", RetryAfter: not null }:
                return Verdict.Undecided;
            case 504 when answer is { Code: "outcome-unknown", RetryAfter: not null }:
                return Verdict.InDoubt;
            default:
                if (!MayBeRefused(command, answer, creditedFen))
                {
                    deviations.Add($"{command} got {answer}");
                }

                return Verdict.Refused;
        }
    }

    private bool MayBeRefused(Command command, Answer answer, long creditedFen)
    {
        if (command.MustRefuse is { } only)
        {
            return answer.Code == only && answer.Status == (only == "idempotency-mismatch" ? 409 : 422);
        }

        return (answer.Status, answer.Code) switch
        {
            // A person who was credited more than was ever asked of them has enough.
            (422, "insufficient-funds") => command.Kind is CommandKind.Transfer or CommandKind.Payment && (command.FromWallet || creditedFen < book.AskedFen(command.Person)),
            (422, "previous-transfer-waiting") =>
                command.Kind == CommandKind.Transfer && People.AcceptsByHand(command.Payee) && book.Pairs(command.Person, command.Payee) > 1,
            (409, "wrong-state") => command is { HasId: false, Target: { } target } && (target.EndsAsked > 1 || MayHaveExpired(target)),
            _ => false,
        };
    }

    private bool MayHaveExpired(Command transfer)
    {
        string? expiresAt = (string?)System.Text.Json.Nodes.JsonNode.Parse(transfer.Text)?["expiresAt"];
        return expiresAt is not null && DateTimeOffset.Parse(expiresAt, CultureInfo.InvariantCulture) <= book.LatestClock;
    }
}
