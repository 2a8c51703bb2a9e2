using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Payments at institutions (就医购药), contributions (参保缴费), and refunds of both.</summary>
internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/payments").WithTags("Payments");
        group.MapPost("", PayAsync)
            .By(CallRule.Gateway)
            .Describe<PaymentAnswer>("createPayment", "Pays an institution from the person's own money and their relatives'. All parts are paid, or none.", StatusCodes.Status201Created)
            .Takes<PaymentRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 429, 503, 504);
        group.MapGet("/{id}", GetAsync)
            .By(CallRule.PersonReader)
            .Describe<PaymentAnswer>("getPayment", "Gets a payment or contribution that was made.")
            .Problems(400, 404, 503);
        group.MapPost("/{id}/refunds", RefundAsync)
            .By(CallRule.Gateway)
            .Describe<RefundAnswer>("refundPayment", "Refunds money of a payment or contribution to the pockets it came from, in the reverse order of use.", StatusCodes.Status201Created)
            .Takes<RefundRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);
        routes.MapPost("/v1/contributions", ContributeAsync)
            .WithTags("Contributions")
            .By(CallRule.Gateway)
            .Describe<ContributionAnswer>("createContribution", "Pays a contribution for oneself or a relative, once per person, scheme and year.", StatusCodes.Status201Created)
            .Takes<ContributionRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 429, 503, 504);
    }

    /// <summary>Builds the command for a payment request.</summary>
    public static Pay CommandOf(PaymentRequest request, FieldChecks checks)
    {
        string institution = checks.Institution("institution", request.Institution);
        return new Pay(
            checks.Id("id", request.Id),
            checks.Person("person", request.Person),
            institution,
            InstitutionCode.PurposeOf(institution),
            request.Person,
            null,
            0,
            checks.Amount("amountFen", request.AmountFen),
            SourcesOf(request.Sources, checks),
            request.AllowCash ?? false);
    }

    /// <summary>Builds the command for a contribution request.</summary>
    public static Pay CommandOf(ContributionRequest request, FieldChecks checks)
    {
        PaymentSource[]? sources = SourcesOf(request.Sources, checks);
        if (sources is not null && request.Payer != request.Beneficiary)
        {
            checks.None("sources", "relatives", sources.Contains(PaymentSource.Relatives), "must name personal or wallet alone where the contribution is another person's");
        }

        return new Pay(
            checks.Id("id", request.Id),
            checks.Person("payer", request.Payer),
            null,
            PaymentPurpose.Contribution,
            checks.Person("beneficiary", request.Beneficiary),
            checks.Word(
                "scheme",
                request.Scheme,
                (Schemes.ToText(Scheme.ResidentMedical), Scheme.ResidentMedical),
                (Schemes.ToText(Scheme.LongTermCare), Scheme.LongTermCare)),
            (int)checks.Within("year", request.Year, Limits.ContributionYearMin, Limits.ContributionYearMax, "(a year)"),
            checks.Amount("amountFen", request.AmountFen),
            sources,
            AllowCash: false);
    }

    /// <summary>Sends a payment to the grain that answers for its id.</summary>
    public static Task<Reply<PaymentView>> SendAsync(IGrainFactory grains, Pay command) =>
        GrainCalls.CommandAsync(() => grains.GetPayment(command.Id).PayAsync(command));

    public static IReadOnlyList<PartAnswer> Write(IEnumerable<PartView> parts) =>
    [
        .. parts.Select(part => new PartAnswer
        {
            Account = part.Account,
            Pocket = Pockets.ToText(part.Pocket),
            AmountFen = part.AmountFen,
            Tier = Tiers.ToText(part.Tier),
        }),
    ];

    private static async Task<IResult> PayAsync(HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        Parsed<PaymentRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.PaymentRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        Pay command = CommandOf(request, checks);
        if (checks.Failed(out ProblemAnswer? problem) || (problem = await RefuseAsync(CallerScope.Of(http), grains, store, command)) is not null)
        {
            return problem;
        }

        Reply<PaymentView> reply = await SendAsync(grains, command);
        Locate(http, reply);
        return Answers.Of(http, reply, Write, ApiJson.Shared.PaymentAnswer, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ContributeAsync(HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        Parsed<ContributionRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.ContributionRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        Pay command = CommandOf(request, checks);
        if (checks.Failed(out ProblemAnswer? problem) || (problem = await RefuseAsync(CallerScope.Of(http), grains, store, command)) is not null)
        {
            return problem;
        }

        Reply<PaymentView> reply = await SendAsync(grains, command);
        Locate(http, reply);
        return Answers.Of(http, reply, WriteContribution, ApiJson.Shared.ContributionAnswer, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        FieldChecks checks = new();
        Guid payment = checks.Id("id", id);
        if (checks.Failed(out ProblemAnswer? problem))
        {
            return problem;
        }

        Reply<PaymentView> reply = await GrainCalls.QueryAsync(() => grains.GetPayment(payment).GetAsync(payment));
        return !reply.IsRefused && await CallerScope.Of(http).RefuseReaderAsync(grains, store, PartiesOf(reply.Value), reply.Value.Attempt) is { } outside
            ? outside
            : Answers.Of(http, reply, Write, ApiJson.Shared.PaymentAnswer);
    }

    private static async Task<IResult> RefundAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        Parsed<RefundRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.RefundRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        Guid payment = checks.Id("payment", id);
        RefundPayment command = new(checks.Id("id", request.Id), payment, checks.Amount("amountFen", request.AmountFen));
        return checks.Failed(out ProblemAnswer? problem) || (problem = await RefuseAsync(CallerScope.Of(http), grains, store, command)) is not null
            ? problem
            : Answers.Of(
                http,
                await GrainCalls.CommandAsync(() => grains.GetPayment(command.Id).RefundAsync(command)),
                Write,
                ApiJson.Shared.RefundAnswer,
                StatusCodes.Status201Created);
    }

    /// <summary>
    /// The problem when the caller may not make this payment or contribution: see <see cref="CallerScope.RefuseCommandAsync(IGrainFactory, ILedgerStore, string, Func{Task{Guid?}})"/>.
    /// </summary>
    public static async ValueTask<ProblemAnswer?> RefuseAsync(CallerScope scope, IGrainFactory grains, ILedgerStore store, Pay command) =>
        await FindRefusalAsync(scope, grains, store, command) is { } refusal ? ProblemAnswer.Refused(refusal) : null;

    /// <inheritdoc cref="RefuseAsync(CallerScope, IGrainFactory, ILedgerStore, Pay)"/>
    public static ValueTask<Refusal?> FindRefusalAsync(CallerScope scope, IGrainFactory grains, ILedgerStore store, Pay command) =>
        scope.FindRefusalAsync(
            grains,
            store,
            command.Payer,
            async () => await GrainCalls.QueryAsync(() => grains.GetPayment(command.Id).GetAsync(command.Id)) is { IsRefused: false } reply ? reply.Value.Attempt : null);

    /// <summary>The problem when the caller does not act for the payer of the payment that a refund names.</summary>
    private static async ValueTask<ProblemAnswer?> RefuseAsync(CallerScope scope, IGrainFactory grains, ILedgerStore store, RefundPayment command)
    {
        if (scope.Provinces.IsNation)
        {
            return null;
        }

        Reply<PaymentView> reply = await GrainCalls.QueryAsync(() => grains.GetPayment(command.Payment).GetAsync(command.Payment));
        return reply.IsRefused ? ProblemAnswer.Refused(reply.Refusal) : await scope.RefuseCommandAsync(grains, store, reply.Value.Payer, command.Id);
    }

    /// <summary>Everybody who is party to a payment, each once.</summary>
    private static string[] PartiesOf(PaymentView view) =>
        [.. view.Parts.Select(part => part.Account).Prepend(view.Beneficiary).Prepend(view.Payer).Distinct(StringComparer.Ordinal)];

    private static void Locate(HttpContext http, Reply<PaymentView> reply)
    {
        if (!reply.IsRefused)
        {
            http.Response.Headers.Location = $"/v1/payments/{reply.Value.Id}";
        }
    }

    private static PaymentSource[]? SourcesOf(IReadOnlyList<string>? words, FieldChecks checks)
    {
        if (words is null)
        {
            return null;
        }

        PaymentSource[] sources =
        [
            .. words.Select(word => checks.Word(
                "sources",
                word,
                (Words.Personal, PaymentSource.Personal),
                (Words.Wallet, PaymentSource.Wallet),
                (Words.Relatives, PaymentSource.Relatives))),
        ];
        checks.None("sources", "[]", sources.Length == 0, "must name at least one of personal, wallet and relatives");
        checks.None("sources", string.Join(", ", words), sources.Distinct().Count() != sources.Length, "must name each source once at most");
        return sources;
    }

    private static PaymentAnswer Write(PaymentView view) => new()
    {
        Id = view.Id,
        Person = view.Payer,
        Institution = view.Institution,
        AmountFen = view.AmountFen,
        Parts = Write(view.Parts),
        CashFen = view.CashFen,
        At = BusinessTime.ToLocal(view.At),
    };

    private static ContributionAnswer WriteContribution(PaymentView view) => new()
    {
        Id = view.Id,
        Payer = view.Payer,
        Beneficiary = view.Beneficiary,
        Scheme = Schemes.ToText(view.Scheme!.Value),
        Year = view.Year,
        AmountFen = view.AmountFen,
        Parts = Write(view.Parts),
        At = BusinessTime.ToLocal(view.At),
    };

    private static RefundAnswer Write(RefundView view) => new()
    {
        Id = view.Id,
        Payment = view.Payment,
        Parts = Write(view.Parts),
        At = BusinessTime.ToLocal(view.At),
    };
}
