using System.Text.Json;
using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Gongji.Storage;

namespace Gongji.Api.National;

/// <summary>对总账 3201 and 对明细账 3202: what accounts paid to one institution on some days, according to the ledger's entries.</summary>
/// <param name="store">The ledger.</param>
/// <param name="turns">Bounds how many reconciliations read the ledger at once.</param>
internal sealed class NationalReconciliation(ILedgerStore store, ReconciliationTurns turns)
{
    private const int DaysMax = 31;
    private const int DifferencesMax = 1_000;

    /// <summary>Compares totals.</summary>
    public async Task<NationalResult> TotalsAsync(NationalRequest request, string institution, CancellationToken cancellationToken)
    {
        NationalInput input = new(request.Input);
        (DateOnly first, DateOnly last) = Days(input);
        long theirsFen = input.Fen("acct_pay");
        long theirCount = input.Count("fixmedins_setl_cnt");
        if (input.Wrong is { } wrong)
        {
            return NationalResult.Failed(ProblemCodes.Malformed, wrong);
        }

        using IDisposable turn = await turns.TakeAsync(cancellationToken);
        (long count, long paidFen) = (0, 0);
        await foreach ((_, long fen, bool isPayment) in InstitutionDays.ReadAsync(store, institution, first, last, cancellationToken))
        {
            (count, paidFen) = checked((isPayment ? count + 1 : count, paidFen + fen));
        }

        return NationalResult.Of(Statement(count, paidFen, theirCount, theirsFen, null));
    }

    /// <summary>Compares each payment, less its refunds on the same days.</summary>
    public async Task<NationalResult> DetailsAsync(NationalRequest request, string institution, CancellationToken cancellationToken)
    {
        NationalInput input = new(request.Input);
        (DateOnly first, DateOnly last) = Days(input);
        Dictionary<Guid, (string Id, long Fen)> theirs = ReadDetails(input);
        if (input.Wrong is { } wrong)
        {
            return NationalResult.Failed(ProblemCodes.Malformed, wrong);
        }

        using IDisposable turn = await turns.TakeAsync(cancellationToken);

        // Bounded: it holds at most the payments that were sent, whose number the size of the request bounds, and a limited number that only the ledger has.
        Dictionary<Guid, long> ours = [];
        (long count, long paidFen) = (0, 0);
        await foreach ((Guid payment, long fen, bool isPayment) in InstitutionDays.ReadAsync(store, institution, first, last, cancellationToken))
        {
            (count, paidFen) = checked((isPayment ? count + 1 : count, paidFen + fen));
            if (theirs.ContainsKey(payment) || ours.ContainsKey(payment) || ours.Count < theirs.Count + DifferencesMax)
            {
                ours[payment] = checked(ours.GetValueOrDefault(payment) + fen);
            }
        }

        IEnumerable<NationalDifference> differences = theirs
            .Where(sent => !ours.TryGetValue(sent.Key, out long fen) || fen != sent.Value.Fen)
            .Select(sent => new NationalDifference
            {
                Id = sent.Value.Id,
                Payment = ours.ContainsKey(sent.Key) ? sent.Key : null,
                Theirs = NationalInput.Yuan(sent.Value.Fen),
                Ours = ours.TryGetValue(sent.Key, out long fen) ? NationalInput.Yuan(fen) : null,
            })
            .Concat(ours.Where(own => !theirs.ContainsKey(own.Key)).Select(own => new NationalDifference
            {
                Id = null,
                Payment = own.Key,
                Theirs = null,
                Ours = NationalInput.Yuan(own.Value),
            }));
        long theirsFen = theirs.Values.Aggregate(0L, (sum, sent) => checked(sum + sent.Fen));
        return NationalResult.Of(Statement(count, paidFen, theirs.Count, theirsFen, [.. differences.Take(DifferencesMax)]));
    }

    private static Dictionary<Guid, (string Id, long Fen)> ReadDetails(NationalInput input)
    {
        Dictionary<Guid, (string Id, long Fen)> theirs = [];
        if (input.Wrong is not null || !input.Node.TryGetProperty("detail", out JsonElement detail) || detail.ValueKind != JsonValueKind.Array)
        {
            input.Must(false, "input.detail must be an array of {setl_id, acct_pay}.");
            return theirs;
        }

        int line = 0;
        foreach (JsonElement each in detail.EnumerateArray())
        {
            string name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"input.detail[{line++}]");
            string? id = each.ValueKind == JsonValueKind.Object && each.TryGetProperty("setl_id", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            input.Must(id is { Length: > 0 and <= NationalIds.MessageIdLengthMax }, $"{name}.setl_id must be a text of 1 to {NationalIds.MessageIdLengthMax} characters.");
            long fen = input.Fen(each, "acct_pay", $"{name}.acct_pay");
            input.Must(id is null || theirs.TryAdd(NationalIds.Of("2207", id), (id, fen)), $"{name}.setl_id is there twice.");
        }

        return theirs;
    }

    private static (DateOnly First, DateOnly Last) Days(NationalInput input)
    {
        (DateOnly first, DateOnly last) = (input.Day("stmt_begndate"), input.Day("stmt_enddate"));
        input.Must(first <= last && last.DayNumber - first.DayNumber < DaysMax, $"input.data.stmt_enddate must be stmt_begndate or up to {DaysMax - 1} days later.");
        return (first, last);
    }

    private static NationalStatement Statement(long count, long paidFen, long theirCount, long theirsFen, IReadOnlyList<NationalDifference>? differences)
    {
        bool isSame = count == theirCount && paidFen == theirsFen && differences is null or [];
        return new NationalStatement
        {
            Result = isSame ? "0" : "1",
            Description = isSame ? "the same" : $"the ledger has {count} payments and {NationalInput.Yuan(paidFen)} yuan, {theirCount} and {NationalInput.Yuan(theirsFen)} were sent",
            Count = count,
            FromAccounts = NationalInput.Yuan(paidFen),
            Differences = differences,
        };
    }
}
