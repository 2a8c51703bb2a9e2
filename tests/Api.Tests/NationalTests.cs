using System.Globalization;
using System.Text.Json;
using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Gongji.Api.National;
using Gongji.Api.Signing;
using Gongji.Api.Tests.Support;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Gongji.Api.Tests;

public sealed class NationalTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Hospital = "H32050000001";

    [Fact]
    public async Task Settlement_is_paid_from_accounts_and_answered_in_yuan()
    {
        string person = await app.NewPersonAsync(creditFen: 8_050);

        Answer settled = await SendAsync("2207", "m1", $$$"""{"data":{"psn_no":"{{{person}}}","medfee_sumamt":100.5,"medins_setl_id":"x-1"}}""");

        Assert.Equal(200, settled.Status);
        Assert.Equal(("0", "", "m1", "x-1"), (settled.Field("infcode"), settled.Field("err_msg"), settled.Field("output.setlinfo.setl_id"), settled.Field("output.setlinfo.medins_setl_id")));
        Assert.Contains("\"medfee_sumamt\":100.50,\"acct_pay\":80.50,\"acct_mulaid_pay\":0.00,\"psn_cash_pay\":20.00,\"balc\":0.00", settled.Text, StringComparison.Ordinal);
        Assert.Equal((30, 17), (settled.Field("inf_refmsgid")!.Length, settled.Field("respond_time")!.Length));
        Assert.Equal((0, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Aid_of_relatives_is_inside_the_account_payment_and_goes_back_with_the_cancellation()
    {
        string daughter = await app.NewPersonAsync(creditFen: 10_000);
        string father = await app.NewPersonAsync(RunningApp.Zhengzhou, insurance: "resident");
        await app.Http.PutAsync($"/v1/relations/{daughter}/{father}", """{"kinship":"parent","quotaFen":4000}""");
        Assert.Equal(200, (await app.Http.PostAsync($"/v1/relations/{daughter}/{father}/consent", "")).Status);

        Answer settled = await SendAsync("2207", "m2", $$$"""{"data":{"psn_no":"{{{father}}}","medfee_sumamt":"60.00"}}""");
        Answer cancelled = await SendAsync("2208", "m3", $$$"""{"data":{"psn_no":"{{{father}}}","setl_id":"m2"}}""");

        Assert.Contains("\"acct_pay\":60.00,\"acct_mulaid_pay\":60.00,\"psn_cash_pay\":0.00", settled.Text, StringComparison.Ordinal);
        Assert.Equal("0", cancelled.Field("infcode"));
        Assert.Contains("\"acct_pay\":60.00,\"acct_mulaid_pay\":60.00", cancelled.Text, StringComparison.Ordinal);
        Answer after = await app.Http.GetAsync($"/v1/persons/{daughter}");
        Assert.Equal((6_000, 4_000), (after.Number("balances.personalFen"), after.Number("balances.quotaFen")));
    }

    /// <summary>The answer has the balance, which is read after the settlement was made. "Nothing was decided" would have the institution ask for cash.</summary>
    [Fact]
    public async Task Settlement_and_cancellation_that_are_done_are_not_answered_as_undecided_when_the_balance_cannot_be_read()
    {
        string person = await app.NewPersonAsync(creditFen: 5_000);
        IGrainFactory grains = SilentPersons.Around(app.Services.GetRequiredService<IGrainFactory>());
        NationalTransactions transactions = new(grains, app.Services.GetRequiredService<ILedgerStore>(), CallerScope.Unsigned);

        NationalResult settled = await transactions.SettleAsync(Message("2207", "m40", $$$"""{"data":{"psn_no":"{{{person}}}","medfee_sumamt":30}}"""), Hospital);
        (long, long, long) paid = await app.BalancesAsync(person);
        NationalResult cancelled = await transactions.CancelAsync(Message("2208", "m41", $$$"""{"data":{"psn_no":"{{{person}}}","setl_id":"m40"}}"""));

        Assert.Equal(((2_000L, 0L, 0L), "outcome-unknown"), (paid, settled.Code));
        Assert.Equal(((5_000L, 0L, 0L), "outcome-unknown"), (await app.BalancesAsync(person), cancelled.Code));

        static NationalRequest Message(string number, string id, string input)
        {
            using JsonDocument document = JsonDocument.Parse(input);
            return new NationalRequest { Number = number, MessageId = id, Input = document.RootElement.Clone() };
        }
    }

    [Fact]
    public async Task Same_message_is_done_once_and_a_reversal_gives_everything_back()
    {
        string person = await app.NewPersonAsync(creditFen: 5_000);
        string input = $$$"""{"data":{"psn_no":"{{{person}}}","medfee_sumamt":30}}""";
        Answer first = await SendAsync("2207", "m4", input);
        Answer again = await SendAsync("2207", "m4", input);

        Assert.Equal(first.Field("output.setlinfo.setl_time"), again.Field("output.setlinfo.setl_time"));
        Assert.Equal((2_000, 0, 0), await app.BalancesAsync(person));
        Answer other = await SendAsync("2207", "m4", input.Replace("30", "31", StringComparison.Ordinal));
        Assert.StartsWith("idempotency-mismatch", other.Field("err_msg"), StringComparison.Ordinal);

        string reversal = $$$"""{"data":{"psn_no":"{{{person}}}","omsgid":"m4","oinfno":"2207"}}""";
        Assert.Equal("0", (await SendAsync("2601", "m5", reversal)).Field("infcode"));
        Assert.Equal("0", (await SendAsync("2601", "m5", reversal)).Field("infcode"));
        Assert.Equal((5_000, 0, 0), await app.BalancesAsync(person));
        Answer twice = await SendAsync("2208", "m6", $$$"""{"data":{"psn_no":"{{{person}}}","setl_id":"m4"}}""");
        Assert.StartsWith("refund-over-payment", twice.Field("err_msg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_and_details_are_compared_with_the_ledger()
    {
        const string clinic = "H32050000777";
        string person = await app.NewPersonAsync(creditFen: 10_000);
        foreach (int number in new[] { 1, 2, 3 })
        {
            string fee = string.Create(CultureInfo.InvariantCulture, $$$"""{"data":{"psn_no":"{{{person}}}","medfee_sumamt":{{{number}}}.00}}""");
            Assert.Equal("0", (await SendAsync("2207", $"d{number}", fee, clinic)).Field("infcode"));
        }

        Assert.Equal("0", (await SendAsync("2208", "d4", $$$"""{"data":{"psn_no":"{{{person}}}","setl_id":"d3"}}""", clinic)).Field("infcode"));
        const string days = "\"stmt_begndate\":\"2024-12-02\",\"stmt_enddate\":\"2024-12-02\"";

        Answer same = await SendAsync("3201", "d5", $$$"""{"data":{{{{days}}},"acct_pay":"3.00","fixmedins_setl_cnt":3}}""", clinic);
        Answer differs = await SendAsync("3201", "d6", $$$"""{"data":{{{{days}}},"acct_pay":6,"fixmedins_setl_cnt":"3"}}""", clinic);
        Answer details = await SendAsync(
            "3202", "d7", $$$"""{"data":{{{{days}}}},"detail":[{"setl_id":"d1","acct_pay":1},{"setl_id":"d2","acct_pay":2.5},{"setl_id":"d9","acct_pay":4}]}""", clinic);

        Assert.Equal(("0", "3"), (same.Field("output.stmtinfo.stmt_rslt"), same.Field("output.stmtinfo.fixmedins_setl_cnt")));
        Assert.Equal("1", differs.Field("output.stmtinfo.stmt_rslt"));
        Assert.Equal(
            ["d2 2.50 2.00", "d9 4.00 ", " 0.00"],
            details.Json["output"]!["stmtinfo"]!["detail"]!.AsArray().Select(each => $"{each!["setl_id"]} {each["acct_pay"]} {each["ledger_acct_pay"]}".Replace("  ", " ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("3201", ",\"acct_pay\":0,\"fixmedins_setl_cnt\":0}")]
    [InlineData("3202", "},\"detail\":[]")]
    public async Task Reconciliation_takes_its_turn_among_those_of_regions(string number, string rest)
    {
        ReconciliationTurns turns = app.Services.GetRequiredService<ReconciliationTurns>();
        List<IDisposable> taken = [];
        for (int turn = 0; turn < ApiLimits.ReconciliationsAtOnce; turn++)
        {
            taken.Add(await turns.TakeAsync(CancellationToken.None));
        }

        string input = $$"""{"data":{"stmt_begndate":"2024-12-02","stmt_enddate":"2024-12-02"{{rest}}}""";
        Task<Answer> answer = SendAsync(number, $"turn-{number}", input, "H32050000778");

        // The audit, which reads the whole ledger but takes no such turn, completes while the reconciliation waits.
        Assert.Equal(200, (await app.Http.GetAsync("/v1/audit")).Status);
        Assert.False(answer.IsCompleted);
        taken.ForEach(static turn => turn.Dispose());

        Assert.Equal(("0", "0"), ((await answer).Field("infcode"), (await answer).Field("output.stmtinfo.stmt_rslt")));
    }

    [Theory]
    [InlineData("""{"data":{"psn_no":"a","psn_no":"b"}}""", "input.data.psn_no")]
    [InlineData("""{"data":{},"data":{}}""", "input.data")]
    [InlineData("""{"detail":[{"setl_id":"a"},{"setl_id":"a","setl_id":"b"}]}""", "input.detail[1].setl_id")]
    public async Task Field_that_is_there_twice_is_named(string input, string field)
    {
        Answer answer = await SendAsync("2207", "twice", input);

        Expect.Problem(answer, 400, "malformed");
        Assert.Equal($"\"{field}\" is there twice: send it once.", answer.Field("detail"));
    }

    [Theory]
    [InlineData("2206", "2206", """{"data":{}}""", "unsupported")]
    [InlineData("2207", "2208", """{"data":{}}""", "malformed")]
    [InlineData("2207", "2207", """{"data":{"psn_no":"nobody","medfee_sumamt":1}}""", "no-such-person")]
    [InlineData("2207", "2207", """{"data":{"psn_no":"nobody","medfee_sumamt":1.001}}""", "malformed")]
    [InlineData("2207", "2207", """{"data":{"psn_no":"nobody"}}""", "malformed")]
    [InlineData("2207", "2207", """[]""", "malformed")]
    [InlineData("2208", "2208", """{"data":{"psn_no":"nobody","setl_id":"never"}}""", "no-such-payment")]
    [InlineData("2601", "2601", """{"data":{"psn_no":"nobody","omsgid":"never","oinfno":"2208"}}""", "unsupported")]
    [InlineData("3201", "3201", """{"data":{"stmt_begndate":"9999-12-31","stmt_enddate":"9999-12-31","acct_pay":1,"fixmedins_setl_cnt":1}}""", "malformed")]
    [InlineData("3201", "3201", """{"data":{"stmt_begndate":"0001-01-01","stmt_enddate":"0001-01-01","acct_pay":1,"fixmedins_setl_cnt":1}}""", "malformed")]
    [InlineData("3201", "3201", """{"data":{"stmt_begndate":"2024-12-02","stmt_enddate":"2024-12-01","acct_pay":1,"fixmedins_setl_cnt":1}}""", "malformed")]
    public async Task What_cannot_be_done_is_said_in_the_envelope(string path, string number, string input, string error)
    {
        Answer answer = await app.Http.PostAsync(
            $"/national/{path}", $$$"""{"infno":"{{{number}}}","msgid":"bad-{{{Guid.NewGuid().ToString("N")[..20]}}}","fixmedins_code":"{{{Hospital}}}","input":{{{input}}}}""");

        Assert.Equal((200, "-1"), (answer.Status, answer.Field("infcode")));
        Assert.StartsWith(error, answer.Field("err_msg"), StringComparison.Ordinal);
    }

    private Task<Answer> SendAsync(string number, string message, string input, string institution = Hospital) => app.Http.PostAsync(
        $"/national/{number}",
        $$$"""{"infno":"{{{number}}}","msgid":"{{{message}}}","mdtrtarea_admvs":"320500","insuplc_admdvs":"320500","opter_type":"1","fixmedins_code":"{{{institution}}}","input":{{{input}}}}""");
}
