using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Insured persons: insurance, wallet, entries.</summary>
internal static class PersonEndpoints
{
    public static void MapPersons(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/persons/{person}").WithTags("Persons");
        group.MapPut("", PutAsync)
            .By(CallRule.Gateway)
            .Describe<PersonAnswer>("putPerson", "Registers a person, changes their insurance, or moves them to another region.")
            .Takes<PersonRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);
        group.MapGet("", GetAsync)
            .By(CallRule.PersonReader.ForPerson("person"))
            .Describe<PersonAnswer>("getPerson", "Gets a person, with wallet and balances.")
            .Problems(400, 404, 503);
        group.MapGet("/entries", GetEntriesAsync)
            .By(CallRule.PersonReader.ForPerson("person"))
            .Describe<EntriesAnswer>("listEntries", "Gets a page of the entries of a person's account, oldest first.")
            .Problems(400, 404, 503);
        group.MapPost("/wallet", OpenWalletAsync)
            .By(CallRule.Gateway.ForPerson("person"))
            .Describe<PersonAnswer>("openWallet", "Opens a person's wallet, or changes its place of use or automatic acceptance.")
            .Takes<WalletRequest>()
            .Problems(400, 404, 413, 415, 422, 503, 504);
        group.MapDelete("/wallet", CloseWalletAsync)
            .By(CallRule.Gateway.ForPerson("person"))
            .Describe<PersonAnswer>("closeWallet", "Closes a person's wallet. 409 wrong-state: it is not empty, or a transfer or payment of the person is still held.")
            .Problems(400, 404, 409, 503, 504);
    }

    private static async Task<IResult> PutAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        Parsed<PersonRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.PersonRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        string id = checks.Person("person", person);
        RegisterPerson command = new(
            checks.Region("region", request.Region).ToString(),
            checks.Word("insurance", request.Insurance, (Words.Employee, Insurance.Employee), (Words.Resident, Insurance.Resident)),
            checks.Word("status", request.Status, (Words.Active, InsuranceStatus.Active), (Words.Stopped, InsuranceStatus.Stopped)),
            request.FromRegion is { } from ? checks.Region("fromRegion", from).ToString() : null);
        return checks.Failed(out ProblemAnswer? problem) || (problem = CallerScope.Of(http).RefuseCodes(command.Region)) is not null
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => grains.GetRelations().RegisterAsync(id, command)), Write, ApiJson.Shared.PersonAnswer);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        string id = checks.Person("person", person);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.QueryAsync(() => Grain(grains, id).GetAsync()), Write, ApiJson.Shared.PersonAnswer);
    }

    private static async Task<IResult> OpenWalletAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        Parsed<WalletRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.WalletRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        string id = checks.Person("person", person);
        OpenWallet command = new(
            checks.Region("usePlace", request.UsePlace).ToString(),
            request.AutoAccept ?? false,
            request.OpenedBy is { } relative ? checks.Person("openedBy", relative) : null);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => Grain(grains, id).OpenWalletAsync(command)), Write, ApiJson.Shared.PersonAnswer);
    }

    private static async Task<IResult> CloseWalletAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        string id = checks.Person("person", person);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => Grain(grains, id).CloseWalletAsync()), Write, ApiJson.Shared.PersonAnswer);
    }

    private static async Task<IResult> GetEntriesAsync(HttpContext http, string person, [FromServices] ILedgerStore store)
    {
        FieldChecks checks = new();
        string id = checks.Person("person", person);
        long after = checks.Query(http.Request, "after", fallback: 0, least: 0, long.MaxValue);
        int limit = (int)checks.Query(http.Request, "limit", ApiLimits.EntriesPerPageDefault, least: 1, ApiLimits.EntriesPerPageMax);
        if (checks.Failed(out ProblemAnswer? problem))
        {
            return problem;
        }

        // Reads one entry more than asked for, to see whether there is a next page.
        IReadOnlyList<Entry> entries = await store.ReadEntriesAsync(id, after, limit + 1, http.RequestAborted);
        if (entries.Count == 0 && (after == 0 || (await store.ReadEntriesAsync(id, 0, 1, http.RequestAborted)).Count == 0))
        {
            return ProblemAnswer.Refused(new Refusal(RefusalCode.NoSuchPerson, $"There is no person {id}."));
        }

        IReadOnlyDictionary<Guid, Guid> payments = await PaymentNames.ReadAsync(store.ReadOperationsAsync, entries, http.RequestAborted);
        EntriesAnswer answer = new()
        {
            Entries = [.. entries.Take(limit).Select(entry => Write(entry, PaymentNames.Of(entry, payments)))],
            Next = entries.Count > limit ? entries[limit - 1].Version : null,
        };
        return TypedResults.Json(answer, ApiJson.Shared.EntriesAnswer);
    }

    private static PersonAnswer Write(PersonView view) => new()
    {
        Person = view.Person,
        Region = view.Region,
        Insurance = Words.Of(view.Insurance),
        Status = Words.Of(view.Status),
        Wallet = new WalletAnswer { Open = view.WalletOpen, UsePlace = view.UsePlace, AutoAccept = view.AutoAccept },
        Balances = new AmountsAnswer
        {
            PersonalFen = view.PersonalFen,
            WalletFen = view.WalletFen,
            HeldFen = view.HeldFen,
            QuotaFen = view.QuotaFen,
        },
        TransfersToday = view.TransfersToday,
        Version = view.Version,
    };

    /// <summary>Writes an entry as the API contract defines it.</summary>
    internal static EntryAnswer Write(Entry entry, Guid? payment) => new()
    {
        Version = entry.Version,
        Id = entry.Operation,
        Payment = payment,
        Kind = EntryKinds.ToText(entry.Kind),
        Amounts = Write(entry.Amounts),
        Balances = Write(entry.Balances),
        At = BusinessTime.ToLocal(entry.At),
    };

    private static AmountsAnswer Write(Amounts amounts) => new()
    {
        PersonalFen = amounts.PersonalFen,
        WalletFen = amounts.WalletFen,
        HeldFen = amounts.HeldFen,
        QuotaFen = amounts.QuotaFen,
    };

    private static IInsuredPersonGrain Grain(IGrainFactory grains, string person) => grains.GetGrain<IInsuredPersonGrain>(person);
}
