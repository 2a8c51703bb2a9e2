using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// Coordinates what two persons' accounts have to know of one relation (共济关系). Persons' grains never wait for each other: two that did, while both
/// are going to sleep, would wait until a call times out. One grain per silo, key 0; it remembers nothing.
/// </summary>
[Alias("gongji.relation")]
public interface IRelationGrain : IGrainWithIntegerKey
{
    /// <summary>The giver proposes a relation, or changes its quota.</summary>
    Task<Reply<RelationView>> PutAsync(string giver, PutRelation command);

    /// <summary>The recipient consents to a relation that the giver has proposed.</summary>
    Task<Reply<RelationView>> ConsentAsync(string giver, string recipient);

    /// <summary>Either of the two ends a relation. What is left of the quota returns.</summary>
    Task<Reply<RelationView>> DissolveAsync(string giver, string recipient);

    /// <summary>The relations of a person, on both sides.</summary>
    Task<Reply<RelationsView>> ListAsync(string person);

    /// <summary>Makes a person known, changes how they are insured, or moves them; relations that end with it are ended on all accounts.</summary>
    Task<Reply<PersonView>> RegisterAsync(string person, RegisterPerson command);

    /// <summary>Lets everybody concerned hear of a move, or end of insurance, that ended relations. True when all have.</summary>
    Task<bool> ResumeAsync(string person, Guid operation);
}
