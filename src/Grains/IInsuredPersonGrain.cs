using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// An insured person's account (参保人). The key is the person's identifier. It holds the balances and enforces the rules of the account;
/// every answer is durable when it is given.
/// </summary>
[Alias("gongji.person")]
public partial interface IInsuredPersonGrain : IGrainWithStringKey
{
    Task<Reply<PersonView>> RegisterAsync(RegisterPerson command);

    Task<Reply<PersonView>> OpenWalletAsync(OpenWallet command);

    /// <summary>Closes the wallet.</summary>
    Task<Reply<PersonView>> CloseWalletAsync();

    Task<Reply<CreditView>> CreditAsync(CreditPerson command);

    Task<Reply<PersonView>> GetAsync();

    /// <summary>What a giver's rules need to know of this person as a recipient.</summary>
    Task<Reply<StandingView>> GetStandingAsync();

    /// <summary>Sets this person's money aside. Called by transfer grains.</summary>
    Task<LegReply> HoldAsync(HoldLeg command);

    /// <summary>Takes a transfer's money into this person's wallet. Called by transfer grains, after the hold.</summary>
    Task<LegReply> ReceiveAsync(ReceiveLeg command);

    /// <summary>Records that a transfer will not be received. Called by transfer grains, after the hold.</summary>
    Task<LegReply> DeclineAsync(DeclineLeg command);

    /// <summary>Releases held money, which leaves the account. Called by transfer grains, after the receipt.</summary>
    Task<LegReply> PostAsync(PostLeg command);

    /// <summary>Returns held money to its pocket. Called by transfer grains, after the decline.</summary>
    Task<LegReply> VoidAsync(VoidLeg command);
}
