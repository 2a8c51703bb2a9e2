using System.Collections.Immutable;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>The stream of the ledger's events.</summary>
internal static class EventEndpoints
{
    /// <summary>The operation's name; the OpenAPI document looks up its parameters by it.</summary>
    public const string Operation = "listenToEvents";

    private const string FromNow = "now";
    private const string FromStart = "0";

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/events", ListenAsync)
            .WithTags("Events")
            .By(CallRule.PersonReader)
            .WithName(Operation)
            .WithSummary("Streams the entries of persons' accounts as server-sent events, without end: each entry once, those of a person in order.")
            .WithDescription(
                "A key that is limited to some provinces gets only the events of persons insured there. The id of each event is a cursor: send it as after or as Last-Event-ID "
                + "to continue after that event, at any server and at any time. If there is nothing else to send, a comment comes every 15 s. An id without data moves the cursor "
                + "past events that the filter left out. A server that already has its maximum of open streams answers 429.")
            .Produces<EventAnswer>(StatusCodes.Status200OK, EventStream.MediaType)
            .Problems(400, 404, 429, 503);

    private static async Task<IResult> ListenAsync(
        HttpContext http,
        [FromServices] IGrainFactory grains,
        [FromServices] ILedgerStore store,
        [FromServices] LedgerWatch watch,
        [FromServices] EventReaders readers,
        [FromServices] TimeProvider clock,
        [FromServices] IHostApplicationLifetime lifetime)
    {
        FieldChecks checks = new();
        RegionCode? region = checks.QueryText(http.Request, "region") is { } code ? checks.Region("region", code) : null;
        int? province = checks.QueryText(http.Request, "province") is { } digits ? checks.Province("province", digits) : null;
        string? last = http.Request.Headers["Last-Event-ID"];
        string after = checks.QueryText(http.Request, "after") ?? FromStart;
        LedgerCursor? cursor = string.IsNullOrEmpty(last)
            ? after switch { FromNow => null, FromStart => LedgerCursor.Start, _ => checks.Cursor("after", after) }
            : last == FromStart ? LedgerCursor.Start : checks.Cursor("Last-Event-ID", last);
        CallerScope scope = CallerScope.Of(http);
        if (checks.Failed(out ProblemAnswer? problem)
            || (problem = region is { } asked ? scope.RefuseCodes(asked.ToString()) : null) is not null
            || (problem = region is { } named ? await RegionEndpoints.FindMissingAsync(grains, named) : null) is not null
            || (problem = province is null ? null : scope.RefuseCodes(http.Request.Query["province"].ToString())) is not null)
        {
            return problem;
        }

        if (!readers.TryJoin(out IDisposable? seat))
        {
            return ProblemAnswer.RateLimited($"{ApiLimits.EventReadersMax} streams of events are open here. Ask again, or ask another server.");
        }

        using (seat)
        using (CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping))
        using (LedgerListener listener = await watch.ListenAsync(http.RequestAborted))
        {
            ImmutableSortedDictionary<int, long> heads = listener.News.Heads;
            if (cursor is { } given && !given.IsOf(heads))
            {
                return ProblemAnswer.Malformed("The cursor is further than this ledger goes: it is of another one, or of a time that a restored backup does not have.");
            }

            LedgerReader reader = new(store.Feed, store.ReadOperationsAsync, cursor ?? LedgerCursor.At(heads));
            await using EventStream stream = new(http.Response, readers, reader, new EventFilter(region, province, scope.Provinces), clock);
            await stream.RunAsync(listener.News, end.Token);
            return TypedResults.Empty;
        }
    }
}
