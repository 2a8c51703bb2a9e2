using Gongji.Api.Http;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Signing;

/// <summary>
/// The caller, its roles, and the provinces it may act for. Unless the scope is the whole nation, the person's grain is asked before the command where the person is insured.
/// When the person moves between that question and the command, the gateway that served them a moment ago serves them once more. That moves no money which could not have
/// been moved a moment ago.
/// </summary>
internal sealed record CallerScope(string KeyId, GatewayRoles Roles, ProvinceSet Provinces)
{
    /// <summary>A caller without a signature, where the server accepts unsigned calls.</summary>
    public static CallerScope Unsigned { get; } = new("unsigned", GatewayRoles.All, ProvinceSet.Nation);

    /// <summary>The caller of a request that has passed the gate.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is open to all, so it has no caller.</exception>
    public static CallerScope Of(HttpContext http) =>
        http.Features.Get<CallerScope>() ?? throw new InvalidOperationException("The endpoint asks for a caller, and lets anybody call.");

    /// <summary>The problem when the caller has none of the roles.</summary>
    public ProblemAnswer? RefuseRole(GatewayRoles needed) => (Roles & needed) != GatewayRoles.None
        ? null
        : Outside($"This call is for the role {Name(needed)}; key {KeyId} has {Name(Roles)}.");

    /// <summary>The problem when the caller's scope is not the whole nation.</summary>
    public ProblemAnswer? RefuseProvincial() => Provinces.IsNation
        ? null
        : Outside($"This call concerns all provinces; key {KeyId} has {Provinces}.");

    /// <summary>The problem when none of the codes, which may be of regions or provinces, is in the caller's provinces.</summary>
    public ProblemAnswer? RefuseCodes(params ReadOnlySpan<string> codes)
    {
        if (Provinces.IsNation)
        {
            return null;
        }

        foreach (string code in codes)
        {
            if (Provinces.HasCode(code))
            {
                return null;
            }
        }

        return Outside($"{string.Join(" and ", codes)} {(codes.Length == 1 ? "is" : "are")} not in the provinces of key {KeyId}, which are {Provinces}.");
    }

    /// <summary>Whether the caller may see the figures between two regions or provinces.</summary>
    public bool SeesPair(string from, string to) => Provinces.IsNation || Provinces.HasCode(from) || Provinces.HasCode(to);

    /// <summary>The problem when none of these persons is insured in the caller's provinces. An unknown person is no problem here: the command itself refuses it.</summary>
    public async ValueTask<ProblemAnswer?> RefusePartiesAsync(IGrainFactory grains, IEnumerable<string> persons) =>
        await FindPartiesRefusalAsync(grains, persons) is { } refusal ? ProblemAnswer.Refused(refusal) : null;

    /// <summary>The refusal when a person is not insured in the caller's provinces, or when that cannot be found out.</summary>
    public ValueTask<Refusal?> FindRefusalAsync(IGrainFactory grains, string person) =>
        Provinces.IsNation ? ValueTask.FromResult<Refusal?>(null) : AskAsync(grains, person);

    /// <summary>
    /// The same for a command with an id. A caller that served the person when the command was decided gets the answer again, wherever the person is insured now. Otherwise a
    /// caller whose answer was lost could never learn it once the person has moved. This decides nothing anew.
    /// </summary>
    /// <param name="grains">Reaches the person's grain.</param>
    /// <param name="store">Knows what was decided, and where the person was insured at the time.</param>
    /// <param name="person">The person for whom the command is.</param>
    /// <param name="findDecided">Finds the operation that decided the command; null when part of it is undecided. An operation that is not in the ledger has decided nothing.</param>
    public async ValueTask<Refusal?> FindRefusalAsync(IGrainFactory grains, ILedgerStore store, string person, Func<Task<Guid?>> findDecided) =>
        await FindRefusalAsync(grains, person) is { } refusal
            ? await LiftAsync(refusal, store, [person], findDecided)
            : null;

    /// <summary>The same for a command that is decided once its id is in the ledger.</summary>
    public ValueTask<Refusal?> FindRefusalAsync(IGrainFactory grains, ILedgerStore store, string person, Guid command) =>
        FindRefusalAsync(grains, store, person, () => Task.FromResult<Guid?>(command));

    /// <inheritdoc cref="FindRefusalAsync(IGrainFactory, ILedgerStore, string, Func{Task{Guid?}})"/>
    public async ValueTask<ProblemAnswer?> RefuseCommandAsync(IGrainFactory grains, ILedgerStore store, string person, Func<Task<Guid?>> findDecided) =>
        await FindRefusalAsync(grains, store, person, findDecided) is { } refusal ? ProblemAnswer.Refused(refusal) : null;

    /// <inheritdoc cref="FindRefusalAsync(IGrainFactory, ILedgerStore, string, Guid)"/>
    public async ValueTask<ProblemAnswer?> RefuseCommandAsync(IGrainFactory grains, ILedgerStore store, string person, Guid command) =>
        await FindRefusalAsync(grains, store, person, command) is { } refusal ? ProblemAnswer.Refused(refusal) : null;

    /// <summary>
    /// The problem when the caller may not read an operation. The provinces where its parties are insured may read it, and those where they were insured when its entries
    /// were written.
    /// </summary>
    public async ValueTask<ProblemAnswer?> RefuseReaderAsync(IGrainFactory grains, ILedgerStore store, string[] parties, Guid operation) =>
        await FindPartiesRefusalAsync(grains, parties) is { } refusal && await LiftAsync(refusal, store, parties, () => Task.FromResult<Guid?>(operation)) is { } rest
            ? ProblemAnswer.Refused(rest)
            : null;

    /// <summary>Returns the refusal, unless one of the persons was insured in the caller's provinces when the operation was written.</summary>
    private async ValueTask<Refusal?> LiftAsync(Refusal refusal, ILedgerStore store, string[] persons, Func<Task<Guid?>> findOperation)
    {
        try
        {
            return refusal.Code == RefusalCode.OutsideScope && await findOperation() is { } operation && await HasServedAsync(store, persons, operation) ? null : refusal;
        }
        catch (StoreUnavailableException)
        {
            return new Refusal(RefusalCode.LedgerUnavailable, "Where the person was insured before could not be found out. Nothing was done: ask again.");
        }
    }

    /// <summary>Whether one of the persons was insured in the caller's provinces when the operation wrote an entry on their account.</summary>
    private async Task<bool> HasServedAsync(ILedgerStore store, string[] persons, Guid operation)
    {
        IReadOnlyList<Entry> entries = await store.ReadOperationAsync(operation, CancellationToken.None);
        (string, long)[] places = [.. entries.OfCommand().Where(entry => persons.Contains(entry.Account)).Select(entry => (entry.Account, entry.Version))];
        return places.Length > 0
            && (await store.Feed.ReadRegionsAsync(places, CancellationToken.None)).Any(region => region is { } code && Provinces.HasCode(code.ToString()));
    }

    private async ValueTask<Refusal?> FindPartiesRefusalAsync(IGrainFactory grains, IEnumerable<string> persons)
    {
        Refusal? refusal = null;
        foreach (string person in persons)
        {
            refusal = await FindRefusalAsync(grains, person);
            if (refusal is null)
            {
                return null;
            }
        }

        return refusal;
    }

    private async ValueTask<Refusal?> AskAsync(IGrainFactory grains, string person)
    {
        Reply<StandingView> reply = await GrainCalls.QueryAsync(() => grains.GetGrain<IInsuredPersonGrain>(person).GetStandingAsync());
        return reply.IsRefused ? reply.Code == RefusalCode.NoSuchPerson ? null : reply.Refusal
            : Provinces.HasCode(reply.Value.Region) ? null
            : new Refusal(RefusalCode.OutsideScope, $"{person} is not insured in the provinces of key {KeyId}, which are {Provinces}.");
    }

    private static ProblemAnswer Outside(string detail) => ProblemAnswer.Refused(new Refusal(RefusalCode.OutsideScope, detail));

    private static string Name(GatewayRoles roles) => roles == GatewayRoles.None ? "none" : roles.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);
}
