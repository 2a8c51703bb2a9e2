using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <content>Relations, and this person's parts of payments.</content>
public partial interface IInsuredPersonGrain
{
    /// <summary>As giver: proposes a relation, or changes its quota. Called by relation grains, as all of the following.</summary>
    Task<Reply<RelationView>> PutRelationAsync(PutRelation command, StandingView recipient);

    /// <summary>As giver: the relation to a recipient.</summary>
    Task<Reply<RelationView>> GetRelationAsync(string recipient);

    /// <summary>As giver: puts the recipient's consent on record, if both regions allow the relation.</summary>
    Task<Reply<RelationView>> TakeConsentAsync(string recipient, StandingView standing);

    /// <summary>As giver: ends a relation, on this side.</summary>
    Task<Reply<RelationView>> DropRelationAsync(string recipient);

    /// <summary>As recipient: a giver has proposed.</summary>
    Task<Reply<PersonView>> JoinRelationAsync(string giver);

    /// <summary>As recipient: a giver's relation is no more.</summary>
    Task<Reply<PersonView>> LeaveRelationAsync(string giver);

    /// <summary>As recipient: says whose money is drawn first.</summary>
    Task<Reply<RelativesOrderView>> OrderRelativesAsync(OrderRelatives command);

    /// <summary>As recipient: in which order relatives' money is drawn.</summary>
    Task<Reply<RelativesOrderView>> GetRelativesOrderAsync();

    /// <summary>The relations given, and whose recipient this person is.</summary>
    Task<Reply<RelationsView>> GetOwnRelationsAsync();

    /// <summary>The move, or end of insurance, with which relations ended while not all concerned have heard of it; null for none.</summary>
    Task<Guid?> GetLeavingAsync();

    /// <summary>Puts on record that all concerned have heard of it.</summary>
    Task<Reply<PersonView>> EndLeavingAsync(Guid operation);

    /// <summary>As giver: what could be drawn by a recipient; null for nothing. Only the hold makes it sure.</summary>
    /// <param name="recipient">Who would draw.</param>
    /// <param name="isProven">
    /// Whether it has to be what the ledger has by now. Otherwise it is what is in memory, which may be ahead of the disk or behind another activation: to be
    /// tried, but no ground for a refusal, or for what is left to cash.
    /// </param>
    Task<OfferView?> OfferAsync(string recipient, bool isProven);

    /// <summary>
    /// As beneficiary: refuses when another payment has paid a contribution, or is about to. Any other status: none is known to, and the claim decides. Called by payment
    /// grains, before the payer sets anything aside.
    /// </summary>
    Task<LegReply> LookAtContributionAsync(ContributionQuestion question);

    /// <summary>As payer: pays, or sets the own part aside and answers who else has to. Called by payment grains.</summary>
    Task<OpenPaymentReply> OpenPaymentAsync(OpenPayment command);

    /// <summary>As payer: decides a payment that was opened. Called by payment grains, after the parts of all others are set aside or one cannot be.</summary>
    Task<LegReply> DecidePaymentAsync(DecidePayment command);

    /// <summary>As another party: sets this person's part aside. Called by payment grains, after the payment was opened.</summary>
    Task<LegReply> OpenPartAsync(OpenPart command);

    /// <summary>As another party: ends this person's part. Called by payment grains, after the decision.</summary>
    Task<LegReply> EndPartAsync(EndPart command);

    /// <summary>As payer: decides a refund. Called by payment grains.</summary>
    Task<LegReply> RefundAsync(RefundLeg command);

    /// <summary>As another party: takes this person's part of a refund. Called by payment grains, after the refund was decided.</summary>
    Task<LegReply> TakeRefundAsync(RefundPart command);

    /// <summary>As payer: puts on record that all parties have their part of a refund. Called by payment grains.</summary>
    Task<LegReply> EndRefundAsync(Guid refund);
}
