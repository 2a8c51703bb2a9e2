using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// Coordinates what the accounts of two persons have to know of their relation (共济关系). Persons' grains never wait for each other: two grains that did so
/// while both were leaving memory would wait until a call timed out. One grain per silo, key 0; it remembers nothing.
/// </summary>
[Alias("gongji.relation")]
public interface IRelationGrain : IGrainWithIntegerKey
{
    /// <summary>The giver proposes a relation, or changes its quota.</summary>
    Task<Reply<RelationView>> PutAsync(string giver, PutRelation command);

    /// <summary>The recipient consents to a relation that the giver has proposed.</summary>
    Task<Reply<RelationView>> ConsentAsync(string giver, string recipient);

    /// <summary>One of the two ends the relation. What is left of the quota goes back.</summary>
    Task<Reply<RelationView>> DissolveAsync(string giver, string recipient);

    /// <summary>The relations of a person, on both sides.</summary>
    Task<Reply<RelationsView>> ListAsync(string person);

    /// <summary>Makes a person known, changes how they are insured, or moves them. Relations that this ends are ended on all accounts.</summary>
    Task<Reply<PersonView>> RegisterAsync(string person, RegisterPerson command);

    /// <summary>Tells everybody concerned of a move or end of insurance that ended relations. True when all have been told.</summary>
    Task<bool> ResumeAsync(string person, Guid operation);
}
