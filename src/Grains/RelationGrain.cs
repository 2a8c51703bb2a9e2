using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <inheritdoc cref="IRelationGrain"/>
/// <remarks>
/// The giver's account, which holds the money, has the truth; the recipient's account knows whom to ask. So the recipient's side is written before a
/// consent and after an end, and nothing is drawn on a relation whose giver's side has ended, wherever this is interrupted. Relations that a move has ended are ended
/// on all sides before the same two persons begin a new one, because other accounts are told to leave a person, not one particular relation with them.
/// </remarks>
[StatelessWorker, Reentrant]
internal sealed class RelationGrain(ILedgerStore store, LocalPersons persons) : Grain, IRelationGrain
{
    public Task<Reply<RelationView>> PutAsync(string giver, PutRelation command) => AnswerAsync(async () =>
    {
        if (!await EndMovesAsync(giver, command.Recipient))
        {
            return Reply.Refused<RelationView>(Refusals.Unavailable);
        }

        Reply<StandingView> recipient = await persons.GetStandingAsync(command.Recipient);
        if (recipient.IsRefused)
        {
            return Reply.Refused<RelationView>(recipient.Refusal);
        }

        Reply<RelationView> put = await persons.CallAsync(giver, grain => grain.PutRelationAsync(command, recipient.Value));
        if (!put.IsRefused && put.Value.Status == RelationStatus.Proposed)
        {
            // So that the recipient's relations show what waits for consent. If this call is lost, the consent itself writes it.
            await TellAsync(() => persons.CallAsync(command.Recipient, grain => grain.JoinRelationAsync(giver)));
        }

        return put;
    });

    public Task<Reply<RelationView>> ConsentAsync(string giver, string recipient) => AnswerAsync(async () =>
    {
        if (!await EndMovesAsync(giver, recipient))
        {
            return Reply.Refused<RelationView>(Refusals.Unavailable);
        }

        Reply<RelationView> proposed = await persons.CallAsync(giver, grain => grain.GetRelationAsync(recipient));
        if (proposed.IsRefused)
        {
            return proposed;
        }

        if (proposed.Value.Status == RelationStatus.Dissolved)
        {
            await TellAsync(() => LeaveAsync(giver, recipient));
            return Reply.Refused<RelationView>(RefusalCode.NoRelation, $"{giver} has proposed no relation to {recipient}.");
        }

        Reply<PersonView> joined = await persons.CallAsync(recipient, grain => grain.JoinRelationAsync(giver));
        if (joined.IsRefused)
        {
            return Reply.Refused<RelationView>(joined.Refusal);
        }

        Reply<StandingView> standing = await persons.GetStandingAsync(recipient);
        return standing.IsRefused ? Reply.Refused<RelationView>(standing.Refusal) : await persons.CallAsync(giver, grain => grain.TakeConsentAsync(recipient, standing.Value));
    });

    public Task<Reply<RelationView>> DissolveAsync(string giver, string recipient) => AnswerAsync(async () =>
    {
        Reply<RelationView> before = await persons.CallAsync(giver, grain => grain.GetRelationAsync(recipient));
        if (before.IsRefused)
        {
            return before;
        }

        if (before.Value.Status == RelationStatus.Dissolved && await RefuseStrangersAsync(giver, recipient) is { } strangers)
        {
            return Reply.Refused<RelationView>(strangers);
        }

        Reply<RelationView> dropped = await persons.CallAsync(giver, grain => grain.DropRelationAsync(recipient, null));
        if (!dropped.IsRefused)
        {
            await TellAsync(() => LeaveAsync(giver, recipient));
        }

        return dropped;
    });

    public Task<Reply<RelationsView>> ListAsync(string person) => CallFailures.AnswerAsync(
        async () =>
        {
            Reply<RelationsView> own = await persons.CallAsync(person, grain => grain.GetOwnRelationsAsync());
            if (own.IsRefused)
            {
                return own;
            }

            Reply<RelationView>[] received = await Task.WhenAll(own.Value.Givers.Select(giver => persons.CallAsync(giver, grain => grain.GetRelationAsync(person))));
            return Array.Find(received, reply => reply.IsRefused) is { Refusal: { } refusal }
                ? Reply.Refused<RelationsView>(refusal)
                : Reply.Of(own.Value with
                {
                    Relations = [.. own.Value.Relations, .. received.Select(reply => reply.Value!).Where(relation => relation.Status != RelationStatus.Dissolved)],
                });
        },
        Refusals.Unavailable);

    public async Task<Reply<PersonView>> RegisterAsync(string person, RegisterPerson command)
    {
        Reply<PersonView> registered = await persons.CallAsync(person, grain => grain.RegisterAsync(command));
        if (!registered.IsRefused)
        {
            // If this does not complete now, the sweeper completes it.
            await TellAsync(() => EndMovesAsync(person));
        }

        return registered;
    }

    public Task<bool> ResumeAsync(string person, Guid operation) => CallFailures.CarryAsync(() => EndRelationsAsync(person, operation));

    /// <summary>Takes unfinished moves of persons to their end; false when that cannot be done now.</summary>
    private async Task<bool> EndMovesAsync(params string[] moved)
    {
        foreach (string person in moved)
        {
            if (await persons.CallAsync(person, grain => grain.GetLeavingAsync()) is { } operation && !await ResumeAsync(person, operation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the relations of a person who has left a region or is no longer insured, on the accounts of the others.</summary>
    private async Task<bool> EndRelationsAsync(string person, Guid operation)
    {
        IReadOnlyList<Entry> entries = await store.ReadOperationAsync(operation, CancellationToken.None);
        if (entries.OfPlace() is not { Detail: Registration { Leaving: { } others } } || entries.Any(entry => entry.Kind == EntryKind.RelationsEnded))
        {
            return true;
        }

        foreach (string other in others)
        {
            // As giver and as recipient, since the other may have been either.
            Reply<RelationView> given = await persons.CallAsync(other, grain => grain.GetRelationAsync(person));
            Reply<PersonView> now = await persons.CallAsync(person, grain => grain.GetAsync());
            if (now.IsRefused)
            {
                return false;
            }

            if (now.Value.LeavingIn != operation)
            {
                // Another call has come to the end of it, or a later move has named everybody again. What the two have between them now may be new.
                break;
            }

            Reply<RelationView> dropped = given.Value is { Status: not RelationStatus.Dissolved, Since: var since }
                ? await persons.CallAsync(other, grain => grain.DropRelationAsync(person, since))
                : given;
            Reply<PersonView> left = await LeaveAsync(person, other);
            if (Refusals.IsUndecided(dropped.Code) || Refusals.IsUndecided(left.Code))
            {
                return false;
            }
        }

        return !(await persons.CallAsync(person, grain => grain.EndLeavingAsync(operation))).IsRefused;
    }

    /// <summary>Ends the recipient's side of a relation that has ended on the giver's account.</summary>
    private async Task<Reply<PersonView>> LeaveAsync(string giver, string recipient)
    {
        Reply<PersonView> left = await persons.CallAsync(recipient, grain => grain.LeaveRelationAsync(giver));

        // The two may have made a new relation in the meantime, which the recipient has then just forgotten. Whoever makes one after this look writes the recipient's side after it.
        Reply<RelationView> now = await persons.CallAsync(giver, grain => grain.GetRelationAsync(recipient));
        return now.IsRefused ? Reply.Refused<PersonView>(now.Refusal)
            : now.Value.Status == RelationStatus.Dissolved ? left
            : await persons.CallAsync(recipient, grain => grain.JoinRelationAsync(giver));
    }

    /// <summary>
    /// The refusal when two persons without a relation never had one, or when the recipient is unknown. Accounts do not keep relations that have ended, so the giver's entries are
    /// read to find out, in this case only.
    /// </summary>
    private async Task<Refusal?> RefuseStrangersAsync(string giver, string recipient)
    {
        Reply<StandingView> other = await persons.GetStandingAsync(recipient);
        if (other.IsRefused)
        {
            return other.Refusal;
        }

        await foreach (Entry entry in store.ReadAllEntriesAsync(giver))
        {
            if (entry is { Kind: EntryKind.RelationProposed, Detail: RelationTerms terms } && terms.Recipient == recipient)
            {
                return null;
            }
        }

        return new Refusal(RefusalCode.NoRelation, $"There is no relation from {giver} to {recipient}, and never was: check who gives and who receives.");
    }

    /// <summary>Tells another account something that is useful there but that nothing depends on: if the call is lost, the account finds out when it is asked.</summary>
    private static async Task TellAsync(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
        }
    }

    private static Task<Reply<RelationView>> AnswerAsync(Func<Task<Reply<RelationView>>> work) => CallFailures.AnswerAsync(work, Refusals.Unknown);
}
