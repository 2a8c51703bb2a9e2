using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains;

/// <content>
/// Relations. The giver's account, which the money is on, has the truth; the recipient's knows whom to ask. So nothing is drawn from a relation
/// whose giver's side has ended, wherever a change was interrupted.
/// </content>
internal sealed partial class InsuredPersonGrain
{
    private string Self => this.GetPrimaryKeyString();

    public async Task<Reply<RelationView>> PutRelationAsync(PutRelation command)
    {
        try
        {
            Reply<StandingView> other = await Person(command.Recipient).GetStandingAsync();
            if (other.IsRefused)
            {
                return Reply.Refused<RelationView>(other.Refusal);
            }

            PayeeStanding recipient = new(RegionCode.Parse(other.Value.Region), other.Value.Insured, other.Value.WalletOpen, other.Value.AutoAccept);
            RegionRules recipientRules = await rules.GetAsync(recipient.Region) ?? RegionRules.Default;
            Reply<StandingView> self = await ReadStandingAsync();
            if (self.IsRefused)
            {
                return Reply.Refused<RelationView>(self.Refusal);
            }

            RegionCode region = RegionCode.Parse(self.Value.Region);
            RegionRules giverRules = await rules.GetAsync(region) ?? RegionRules.Default;
            Reply<RelationView> put = await RelationAfterAsync(command.Recipient, (state, now) => state.Region != region
                ? Decision.Refused(RefusalCode.WrongState, "The giver is just moving; ask again.")
                : PersonRules.PutRelation(state, command.Recipient, command.Kinship, command.QuotaFen, recipient, giverRules, recipientRules, now));
            if (!put.IsRefused && put.Value.Status == RelationStatus.Proposed)
            {
                // So that the recipient's relations show what waits for consent; consent itself makes sure of it.
                await TellAsync(() => Person(command.Recipient).JoinRelationAsync(Self));
            }

            return put;
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Reply.Refused<RelationView>(Refusals.Unknown);
        }
    }

    public async Task<Reply<RelationView>> ConsentAsync(string giver)
    {
        try
        {
            Reply<RelationView> proposed = await Person(giver).GetRelationAsync(Self);
            if (proposed.IsRefused)
            {
                return proposed;
            }

            if (proposed.Value.Status == RelationStatus.Dissolved)
            {
                await LeaveRelationAsync(giver);
                return Reply.Refused<RelationView>(RefusalCode.NoRelation, $"{giver} has proposed no relation to {Self}.");
            }

            Reply<PersonView> joined = await JoinRelationAsync(giver);
            return joined.IsRefused ? Reply.Refused<RelationView>(joined.Refusal) : await Person(giver).TakeConsentAsync(Self);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Reply.Refused<RelationView>(Refusals.Unknown);
        }
    }

    public async Task<Reply<RelationView>> DissolveRelationAsync(string recipient)
    {
        Reply<RelationView> dropped = await DropRelationAsync(recipient);
        if (!dropped.IsRefused)
        {
            await TellAsync(() => Person(recipient).LeaveRelationAsync(Self));
        }

        return dropped;
    }

    public async Task<Reply<RelationsView>> GetRelationsAsync()
    {
        RelationView[] given = [];
        string[] givers = [];
        Written written = await Account.WriteAsync(
            static (state, _) => MustExist(state),
            state => (given, givers) = ([.. state.Given.Values.Select(relation => RelationView.Of(Self, relation))], [.. state.Givers]));
        if (written.Refusal is { } refusal)
        {
            return Reply.Refused<RelationsView>(refusal);
        }

        try
        {
            Reply<RelationView>[] received = await Task.WhenAll(givers.Select(giver => Person(giver).GetRelationAsync(Self)));
            return Array.Find(received, reply => reply.IsRefused) is { Refusal: { } unread }
                ? Reply.Refused<RelationsView>(unread)
                : Reply.Of(new RelationsView(Self, [.. given, .. received.Select(reply => reply.Value!).Where(relation => relation.Status != RelationStatus.Dissolved)]));
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Reply.Refused<RelationsView>(Refusals.Unavailable);
        }
    }

    public Task<Reply<RelationView>> GetRelationAsync(string recipient) => RelationAfterAsync(recipient, static (state, _) => MustExist(state));

    public Task<Reply<RelationView>> TakeConsentAsync(string recipient) =>
        RelationAfterAsync(recipient, (state, now) => PersonRules.ConsentRelation(state, recipient, now));

    public Task<Reply<RelationView>> DropRelationAsync(string recipient) => RelationAfterAsync(recipient, (state, now) =>
        state.IsRegistered ? PersonRules.DissolveRelation(state, recipient, now) : MustExist(state));

    public Task<Reply<PersonView>> JoinRelationAsync(string giver) => ViewAfterAsync((state, now) => PersonRules.JoinRelation(state, giver, now));

    public Task<Reply<PersonView>> LeaveRelationAsync(string giver) => ViewAfterAsync((state, now) =>
        state.IsRegistered ? PersonRules.LeaveRelation(state, giver, now) : MustExist(state));

    public async Task<bool> EndRelationsAsync(Guid operation)
    {
        IReadOnlyList<Entry> entries = await store.ReadOperationAsync(operation, CancellationToken.None);
        if (entries is not [{ Detail: Registration { Leaving: { } givers } }])
        {
            return true;
        }

        foreach (string giver in givers)
        {
            Reply<RelationView> dropped = await Person(giver).DropRelationAsync(Self);
            if (dropped.IsRefused && dropped.Code != RefusalCode.NoSuchPerson)
            {
                return false;
            }
        }

        Written written = await Account.WriteAsync((state, now) => PersonRules.EndLeaving(state, operation, now));
        return written.Refusal is null;
    }

    public async Task<OfferView?> OfferAsync(string recipient) => await Account.PeekAsync(state =>
        state.Insurance == Insurance.Employee && state.Status == InsuranceStatus.Active && state.Given.TryGetValue(recipient, out GivenRelation? relation) && relation.IsConsented
            ? new OfferView(state.Person, state.Region.ToString(), relation.LeftFen, state.Balances.PersonalFen)
            : null);

    /// <summary>After a change that may have ended relations: lets everybody concerned hear of it before it is answered.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="recipients">To whom this person gave relations before.</param>
    private async Task<Reply<PersonView>> EndRelationsAfterAsync(Reply<PersonView> reply, string[] recipients)
    {
        (Guid? Leaving, string[] Lost) = await Account.PeekAsync(state => (state.LeavingIn, recipients.Except(state.Given.Keys).ToArray()));
        foreach (string recipient in Lost ?? [])
        {
            await TellAsync(() => Person(recipient).LeaveRelationAsync(Self));
        }

        if (Leaving is not { } operation)
        {
            return reply;
        }

        try
        {
            // When it does not come through now, the sweeper sees to it.
            return await EndRelationsAsync(operation) ? await GetAsync() : reply;
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return reply;
        }
    }

    /// <summary>Tells another person's account what is of use there but rests on nothing: when it is not told, it finds out by asking.</summary>
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

    private async Task<Reply<RelationView>> RelationAfterAsync(string recipient, Func<PersonState, DateTimeOffset, Decision> decide)
    {
        RelationView? view = null;
        Written written = await Account.WriteAsync(decide, state => view = state.Given.TryGetValue(recipient, out GivenRelation? relation)
            ? RelationView.Of(state.Person, relation)
            : RelationView.Dissolved(state.Person, recipient));
        return written.Refusal is { } refusal ? Reply.Refused<RelationView>(refusal)
            : view is { } shown && !written.IsDuplicate ? Reply.Of(shown)
            : Reply.Refused<RelationView>(Refusals.Unavailable);
    }

    private static Decision MustExist(PersonState state) => state.IsRegistered
        ? Decision.Nothing
        : Decision.Refused(RefusalCode.NoSuchPerson, $"There is no person {state.Person}.");

    private IInsuredPersonGrain Person(string person) => GrainFactory.GetGrain<IInsuredPersonGrain>(person);
}
