using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.National;

/// <summary>The result of a transaction: its output, or why there is none.</summary>
/// <param name="Output">The output when the transaction was done.</param>
/// <param name="Code">The code of the refusal; null when the transaction was done.</param>
/// <param name="Detail">The reason as a sentence.</param>
internal readonly record struct NationalResult(NationalOutput? Output, string? Code, string? Detail)
{
    /// <summary>The code for what the national interface has and this product does not.</summary>
    public const string Unsupported = "unsupported";

    public static NationalResult Done { get; } = Of(new NationalOutput());

    /// <summary>Code and detail as one text for the sender; null when the transaction was done.</summary>
    public string? Error => Code is null ? null : $"{Code}: {Detail}";

    public static NationalResult Of(NationalSettlement settlement) => Of(new NationalOutput { Settlement = settlement });

    public static NationalResult Of(NationalStatement statement) => Of(new NationalOutput { Statement = statement });

    public static NationalResult Failed(string code, string detail) => new(null, code, detail);

    public static NationalResult Refused(Refusal refusal) => Failed(RefusalCodes.ToText(refusal.Code), refusal.Detail);

    private static NationalResult Of(NationalOutput output) => new(output, null, null);
}

/// <summary>结算 2207, 结算撤销 2208, 冲正 2601, mapped onto payments and refunds.</summary>
/// <param name="grains">Reaches the payment grains.</param>
/// <param name="store">Knows what was decided earlier.</param>
/// <param name="scope">The persons whom the sender may act for.</param>
internal sealed class NationalTransactions(IGrainFactory grains, ILedgerStore store, CallerScope scope)
{
    /// <summary>Settles: accounts pay what they can, and the rest is cash.</summary>
    public async Task<NationalResult> SettleAsync(NationalRequest request, string institution)
    {
        NationalInput input = new(request.Input);
        string person = input.Person("psn_no");
        long totalFen = input.Fen("medfee_sumamt");
        input.Must(totalFen > 0, "input.data.medfee_sumamt must be more than 0.");
        input.Must(input.OptionalText("acct_used_flag") is null or "1", "input.data.acct_used_flag must be 1: without accounts there is nothing to settle here.");
        if (input.Wrong is { } wrong)
        {
            return NationalResult.Failed(ProblemCodes.Malformed, wrong);
        }

        Pay command = new(NationalIds.Of("2207", request.MessageId!), person, institution, InstitutionCode.PurposeOf(institution), person, null, 0, totalFen, null, AllowCash: true);
        if (await PaymentEndpoints.FindRefusalAsync(scope, grains, store, command) is { } outside)
        {
            return NationalResult.Refused(outside);
        }

        Reply<PaymentView> paid = await PaymentEndpoints.SendAsync(grains, command);
        return paid.IsRefused
            ? NationalResult.Refused(paid.Refusal)
            : await WriteAsync(request.MessageId!, input.OptionalText("medins_setl_id"), person, totalFen, paid.Value.Parts, paid.Value.CashFen, paid.Value.At);
    }

    /// <summary>Cancels a settlement: all that accounts paid goes back.</summary>
    public async Task<NationalResult> CancelAsync(NationalRequest request)
    {
        NationalInput input = new(request.Input);
        string person = input.Person("psn_no");
        string settled = input.Text("setl_id", NationalIds.MessageIdLengthMax);
        return input.Wrong is { } wrong
            ? NationalResult.Failed(ProblemCodes.Malformed, wrong)
            : await RefundAsync(request, person, settled, input.OptionalText("medins_setl_id"));
    }

    /// <summary>Reverses a message whose outcome is unknown to its sender.</summary>
    public async Task<NationalResult> ReverseAsync(NationalRequest request)
    {
        NationalInput input = new(request.Input);
        string person = input.Person("psn_no");
        string reversed = input.Text("omsgid", NationalIds.MessageIdLengthMax);
        string number = input.Text("oinfno", 4);
        if (input.Wrong is { } wrong)
        {
            return NationalResult.Failed(ProblemCodes.Malformed, wrong);
        }

        if (number != "2207")
        {
            return NationalResult.Failed(NationalResult.Unsupported, $"{number} cannot be reversed here; settle anew with 2207.");
        }

        NationalResult result = await RefundAsync(request, person, reversed, null);
        return result.Error is null ? NationalResult.Done : result;
    }

    private async Task<NationalResult> RefundAsync(NationalRequest request, string person, string settled, string? institutionId)
    {
        Guid refund = NationalIds.Of(request.Number!, request.MessageId!);
        if (await scope.FindRefusalAsync(grains, store, person, refund) is { } outside)
        {
            return NationalResult.Refused(outside);
        }

        Guid id = NationalIds.Of("2207", settled);
        Reply<PaymentView> payment = await GrainCalls.QueryAsync(() => grains.GetPayment(id).GetAsync(id));
        if (payment.IsRefused)
        {
            return NationalResult.Refused(payment.Refusal);
        }

        if (payment.Value.Payer != person)
        {
            return NationalResult.Refused(new Refusal(RefusalCode.OutsideScope, $"settlement {settled} is not one of {person}."));
        }

        long paidFen = PaidFen(payment.Value.Parts);
        if (paidFen == 0)
        {
            return await WriteAsync(request.MessageId!, institutionId, person, 0, [], 0, payment.Value.At);
        }

        RefundPayment command = new(refund, id, paidFen);
        Reply<RefundView> refunded = await GrainCalls.CommandAsync(() => grains.GetPayment(command.Id).RefundAsync(command));
        return refunded.IsRefused
            ? NationalResult.Refused(refunded.Refusal)
            : await WriteAsync(request.MessageId!, institutionId, person, paidFen, refunded.Value.Parts, 0, refunded.Value.At);
    }

    /// <summary>The answer to what is done. It has the balance of this moment: when that cannot be read, the answer must not be that nothing was decided.</summary>
    private async Task<NationalResult> WriteAsync(
        string id, string? institutionId, string person, long totalFen, PartView[] parts, long cashFen, DateTimeOffset at)
    {
        Reply<PersonView> now = await GrainCalls.QueryAsync(() => grains.GetGrain<IInsuredPersonGrain>(person).GetAsync());
        return now.IsRefused
            ? NationalResult.Refused(new Refusal(RefusalCode.OutcomeUnknown, "It is done, but the balance cannot be read at present. Send the message again for the answer."))
            : NationalResult.Of(new NationalSettlement
            {
                Id = id,
                InstitutionId = institutionId,
                Person = person,
                Total = NationalInput.Yuan(totalFen),
                FromAccounts = NationalInput.Yuan(PaidFen(parts)),
                FromRelatives = NationalInput.Yuan(PaidFen(parts.Where(part => part.Account != person))),
                Cash = NationalInput.Yuan(cashFen),
                Balance = NationalInput.Yuan(now.Value.PersonalFen),
                At = BusinessTime.ToLocal(at).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            });
    }

    private static long PaidFen(IEnumerable<PartView> parts) => parts.Aggregate(0L, (sum, part) => checked(sum + part.AmountFen));
}
