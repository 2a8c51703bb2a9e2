using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>This person's side of relations; <see cref="RelationGrain"/> brings both sides together.</content>
internal sealed partial class InsuredPersonGrain
{
    private string Self => this.GetPrimaryKeyString();

    public Task<Reply<RelationView>> PutRelationAsync(PutRelation command, StandingView recipient)
    {
        PayeeStanding other = new(RegionCode.Parse(recipient.Region), recipient.Insured, recipient.WalletOpen, recipient.AutoAccept);
        return UnderRulesAsync(command.Recipient, other.Region, (state, giverRules, recipientRules, now) =>
            PersonRules.PutRelation(state, command.Recipient, command.Kinship, command.QuotaFen, other, giverRules, recipientRules, now));
    }

    public Task<Reply<RelationView>> GetRelationAsync(string recipient) => RelationAfterAsync(recipient, static (state, _) => PersonRules.Look(state));

    public Task<Reply<RelationView>> TakeConsentAsync(string recipient, StandingView standing)
    {
        RegionCode other = RegionCode.Parse(standing.Region);
        return UnderRulesAsync(recipient, other, (state, giverRules, recipientRules, now) =>
            PersonRules.ConsentRelation(state, recipient, other, giverRules, recipientRules, now));
    }

    public Task<Reply<RelationView>> DropRelationAsync(string recipient, long? since) =>
        RelationAfterAsync(recipient, (state, now) => PersonRules.DissolveRelation(state, recipient, now, since));

    public Task<Reply<PersonView>> JoinRelationAsync(string giver) => ViewAfterAsync((state, now) => PersonRules.JoinRelation(state, giver, now));

    public Task<Reply<PersonView>> LeaveRelationAsync(string giver) => ViewAfterAsync((state, now) => PersonRules.LeaveRelation(state, giver, now));

    public Task<Reply<RelativesOrderView>> OrderRelativesAsync(OrderRelatives command) => RelativesOrderAfterAsync((state, now) => PersonRules.OrderRelatives(state, command.First, now));

    public Task<Reply<RelativesOrderView>> GetRelativesOrderAsync() => RelativesOrderAfterAsync(static (state, _) => PersonRules.Look(state));

    public async Task<Reply<RelationsView>> GetOwnRelationsAsync()
    {
        RelationsView? view = null;
        Written written = await Account.WriteAsync(
            static (state, _) => PersonRules.Look(state),
            state => view = new RelationsView(
                Self, [.. state.Given.Values.OrderBy(relation => relation.Since).Select(relation => RelationView.Of(Self, relation))], [.. state.Givers]));
        return written.Refusal is { } refusal ? Reply.Refused<RelationsView>(refusal) : Reply.Of(view!);
    }

    public async Task<Guid?> GetLeavingAsync()
    {
        try
        {
            return await Account.PeekAsync(static state => state.LeavingIn);
        }
        catch (StoreUnavailableException)
        {
            // The sweeper does whatever is left to be done.
            return null;
        }
    }

    public async Task<Reply<PersonView>> EndLeavingAsync(Guid operation)
    {
        PersonView? view = null;
        Written written = await Account.WriteAsync((state, now) => PersonRules.EndLeaving(state, operation, now), state => view = ViewOf(state));
        return written.Refusal is { } refusal ? Reply.Refused<PersonView>(refusal) : view is { } shown ? Reply.Of(shown) : Reply.Refused<PersonView>(Refusals.Unavailable);
    }

    public async Task<OfferView?> OfferAsync(string recipient, bool isProven)
    {
        try
        {
            if (!isProven)
            {
                return await Account.PeekAsync(Look);
            }

            OfferView? offer = null;
            Written written = await Account.WriteAsync(static (_, _) => Decision.Nothing, state => offer = Look(state));
            return written.Refusal is null ? offer : OfferView.Unreadable(Self);
        }
        catch (StoreUnavailableException)
        {
            return OfferView.Unreadable(Self);
        }

        OfferView? Look(PersonState state) => PersonRules.Offer(state, recipient) is { } offer ? OfferView.Of(offer) : null;
    }

    private async Task<Reply<RelativesOrderView>> RelativesOrderAfterAsync(Func<PersonState, DateTimeOffset, Decision> decide)
    {
        RelativesOrderView? view = null;
        Written written = await Account.WriteAsync(decide, state => view = new RelativesOrderView(Self, [.. state.GiversInOrder]));
        return written.Refusal is { } refusal ? Reply.Refused<RelativesOrderView>(refusal)
            : view is { } shown && !written.IsDuplicate ? Reply.Of(shown)
            : Reply.Refused<RelativesOrderView>(Refusals.Unavailable);
    }

    /// <summary>Decides a command that both regions have a say in, by their current rules.</summary>
    private async Task<Reply<RelationView>> UnderRulesAsync(
        string recipient, RegionCode other, Func<PersonState, RegionRules, RegionRules, DateTimeOffset, Decision> decide)
    {
        try
        {
            RegionRules recipientRules = await rules.GetAsync(other) ?? RegionRules.Default;
            Reply<StandingView> self = await Account.ReadStandingAsync();
            if (self.IsRefused)
            {
                return Reply.Refused<RelationView>(self.Refusal);
            }

            RegionCode region = RegionCode.Parse(self.Value.Region);
            RegionRules giverRules = await rules.GetAsync(region) ?? RegionRules.Default;
            return await RelationAfterAsync(recipient, (state, now) => state.Region != region
                ? Decision.Refused(RefusalCode.WrongState, "The giver is just moving; ask again.")
                : decide(state, giverRules, recipientRules, now));
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<RelationView>(Refusals.Unavailable);
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
}
