using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <content>Relations, and this person's parts of payments.</content>
public partial interface IInsuredPersonGrain
{
    /// <summary>As giver: proposes a relation, or changes its quota. Called by relation grains, like all methods below unless they say otherwise.</summary>
    Task<Reply<RelationView>> PutRelationAsync(PutRelation command, StandingView recipient);

    /// <summary>As giver: the relation to a recipient.</summary>
    Task<Reply<RelationView>> GetRelationAsync(string recipient);

    /// <summary>As giver: records the recipient's consent, if both regions allow the relation.</summary>
    Task<Reply<RelationView>> TakeConsentAsync(string recipient, StandingView standing);

    /// <summary>As giver: ends a relation, on this account.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <param name="since">Which relation to this recipient: its <see cref="RelationView.Since"/>. Null: whichever there is.</param>
    Task<Reply<RelationView>> DropRelationAsync(string recipient, long? since);

    /// <summary>As recipient: records that a giver has proposed a relation.</summary>
    Task<Reply<PersonView>> JoinRelationAsync(string giver);

    /// <summary>As recipient: records that a giver's relation has ended.</summary>
    Task<Reply<PersonView>> LeaveRelationAsync(string giver);

    /// <summary>As recipient: sets whose money is drawn first.</summary>
    Task<Reply<RelativesOrderView>> OrderRelativesAsync(OrderRelatives command);

    /// <summary>As recipient: the order in which relatives' money is drawn.</summary>
    Task<Reply<RelativesOrderView>> GetRelativesOrderAsync();

    /// <summary>The relations that this person gives, and the givers whose recipient this person is.</summary>
    Task<Reply<RelationsView>> GetOwnRelationsAsync();

    /// <summary>The move or end of insurance that ended relations, while not everybody concerned has been told of it; null for none.</summary>
    Task<Guid?> GetLeavingAsync();

    /// <summary>Records that everybody concerned has been told of it.</summary>
    Task<Reply<PersonView>> EndLeavingAsync(Guid operation);

    /// <summary>As giver: what a recipient could draw; null for nothing. It becomes certain only with the hold.</summary>
    /// <param name="recipient">The person who would draw.</param>
    /// <param name="isProven">
    /// Whether the answer must be what the ledger has now. Otherwise it is what is in memory, which may be ahead of the disk or behind another activation: good enough
    /// to try, but no ground for a refusal or for leaving an amount to cash.
    /// </param>
    Task<OfferView?> OfferAsync(string recipient, bool isProven);

    /// <summary>
    /// As beneficiary: refuses when another payment has paid a contribution, or is about to. Any other status means that no such payment is known; the claim decides. Called by
    /// payment grains, before the payer sets anything aside.
    /// </summary>
    Task<LegReply> LookAtContributionAsync(ContributionQuestion question);

    /// <summary>As payer: pays, or sets the own part aside and answers which relatives must be asked. Called by payment grains.</summary>
    Task<OpenPaymentReply> OpenPaymentAsync(OpenPayment command);

    /// <summary>As payer: decides a payment that was opened. Called by payment grains, once all other parts are set aside or one of them cannot be.</summary>
    Task<LegReply> DecidePaymentAsync(DecidePayment command);

    /// <summary>As another party: sets this person's part aside. Called by payment grains, after the payment was opened.</summary>
    Task<LegReply> OpenPartAsync(OpenPart command);

    /// <summary>As another party: ends this person's part. Called by payment grains, after the decision.</summary>
    Task<LegReply> EndPartAsync(EndPart command);

    /// <summary>As payer: decides a refund. Called by payment grains.</summary>
    Task<LegReply> RefundAsync(RefundLeg command);

    /// <summary>As another party: takes this person's part of a refund. Called by payment grains, after the refund was decided.</summary>
    Task<LegReply> TakeRefundAsync(RefundPart command);

    /// <summary>As payer: records that all parties have their part of a refund. Called by payment grains.</summary>
    Task<LegReply> EndRefundAsync(Guid refund);
}
