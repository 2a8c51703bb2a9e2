using System.Globalization;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>The clearing over HTTP. Tests share one clock, which only moves forward, and each has its own day and month.</summary>
public sealed class ClearingTests(ClearingTests.LongYear app) : IClassFixture<ClearingTests.LongYear>
{
    private const string Open = ""","maxTransfersPerDay":1000,"closedFrom":"00:00","closedUntil":"00:00" """;

    [Fact]
    public async Task Day_shows_its_matrix_and_both_levels_and_stays_as_it_is_once_closed()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, string far) = await app.RegionsAsync();
        await app.MoveAsync(a, b, 1_000);
        await app.MoveAsync(b, a, 300);
        await app.MoveAsync(a, far, 5_000);
        await app.MoveAsync(a, far, 7);
        await app.MoveAsync(a, a, 99);

        Answer open = await app.DayAsync(turn.Day);
        Assert.Equal(200, open.Status);
        Assert.Equal(("open", "gross", turn.Day), (open.Field("status"), open.Field("basis"), open.Field("day")));
        Answer closed = await app.CloseAsync(turn.Day);
        Assert.Equal((200, "closed"), (closed.Status, closed.Field("status")));
        Assert.Equal(
            [$"{a} {b} in-province 1 1000", $"{a} {far} cross-province 2 5007", $"{b} {a} in-province 1 300"],
            Rows(closed, "pairs", "from", "to", "tier", "count", "amountFen"));
        Assert.Equal([$"{a[..2]} {far[..2]} 5007 5007"], Rows(closed, "national", "from", "to", "grossFen", "netFen"));
        Assert.Equal([$"{a} {b} 1000 700", $"{b} {a} 300 0"], Rows(closed, "provincial", "from", "to", "grossFen", "netFen"));
        Assert.Equal([$"{a} {b} 1000", $"{a} {far} 5007", $"{b} {a} 300"], Rows(closed, "outstanding", "from", "to", "amountFen"));

        await app.MoveAsync(a, b, 55);

        Assert.Equal(closed.Text, (await app.DayAsync(turn.Day)).Text);
        Assert.Equal(closed.Text, (await app.CloseAsync(turn.Day)).Text);
        Answer next = await app.DayAsync(turn.Next);
        Assert.Equal([$"{a} {b} in-province 1 55"], Rows(next, "pairs", "from", "to", "tier", "count", "amountFen"));
        Assert.Equal("open", next.Field("status"));
    }

    [Fact]
    public async Task Closing_takes_all_days_before_along_and_refuses_one_that_has_not_begun()
    {
        Turn turn = await app.NextMonthAsync();

        Expect.Problem(await app.CloseAsync(turn.Next), 409, "wrong-state");
        Assert.Equal("open", (await app.DayAsync(turn.Next)).Field("status"));
        Assert.Equal(200, (await app.CloseAsync(turn.Day)).Status);
        Assert.Equal("closed", (await app.DayAsync(turn.FirstOfMonth)).Field("status"));
        Assert.Equal(200, (await app.CloseAsync(turn.FirstOfMonth)).Status);
    }

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("today")]
    [InlineData("20241202")]
    [InlineData("1999-12-31")]
    public async Task Day_that_is_none_is_malformed(string day)
    {
        Expect.Problem(await app.DayAsync(day), 400, "malformed");
        Expect.Problem(await app.CloseAsync(day), 400, "malformed");
        Expect.Problem(await app.SettleAsync(day, "320500", "410100", 1), 400, "malformed");
    }

    [Fact]
    public async Task Settlement_is_confirmed_in_parts_up_to_what_is_owed()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, _) = await app.RegionsAsync();
        await app.MoveAsync(a, b, 1_000);
        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 400), 409, "wrong-state");
        await app.CloseAsync(turn.Day);
        (long fundA, long fundB) = (await app.FundAsync(a), await app.FundAsync(b));

        Guid id = Guid.CreateVersion7();
        Answer first = await app.SettleAsync(turn.Day, a, b, 400, id);
        Assert.Equal(201, first.Status);
        Assert.Equal((id.ToString(), turn.Day, a, b, 400L), (first.Field("id"), first.Field("day"), first.Field("from"), first.Field("to"), first.Number("amountFen")));
        Answer again = await app.SettleAsync(turn.Day, a, b, 400, id);
        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 399, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 601), 422, "amount-over-limit");
        Expect.Problem(await app.SettleAsync(turn.Day, b, a, 1), 422, "clearing-closed");
        Answer half = await app.DayAsync(turn.Day);
        Assert.Equal([$"{a} {b} 600"], Rows(half, "outstanding", "from", "to", "amountFen"));
        Assert.Equal([$"{id} {a} {b} 400"], Rows(half, "settlements", "id", "from", "to", "amountFen"));
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, b, 600)).Status);
        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 1), 422, "clearing-closed");

        Answer region = await app.Http.GetAsync($"/v1/regions/{a}");
        Assert.Equal((fundA - 1_000, 0), (region.Number("fundFen"), region.Number("clearing.netFen")));
        Assert.Equal(fundB + 1_000, await app.FundAsync(b));
        Assert.Empty((await app.DayAsync(turn.Day)).Json["outstanding"]!.AsArray());
        Assert.Equal((201, true), ((await app.SettleAsync(turn.Day, a, b, 400, id)).Status, again.IsReplay));
    }

    [Fact]
    public async Task Settlement_has_no_person_in_the_reconciliation()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, _) = await app.RegionsAsync();
        await app.MoveAsync(a, b, 1_000);
        await app.CloseAsync(turn.Day);
        // What is confirmed after a day was closed counts on the next.
        Guid id = Guid.CreateVersion7();
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, b, 400, id)).Status);

        Answer file = await app.Http.GetAsync($"/v1/reconciliation/{a}/{turn.Next}");
        Answer compared = await app.Http.SendAsync(HttpMethod.Post, $"/v1/reconciliation/{a}/{turn.Next}", Caller.Bytes("id,amountFen\n"u8.ToArray(), "text/csv"));

        Assert.Contains($"\n{id},,settlement,", file.Text, StringComparison.Ordinal);
        JsonNode settlement = Assert.Single(compared.Json["onlyOurs"]!.AsArray(), item => (string?)item!["id"] == id.ToString())!;
        Assert.Null((string?)settlement["person"]);
        Assert.Equal((b, a), ((string?)settlement["from"], (string?)settlement["to"]));
    }

    [Fact]
    public async Task Settlement_that_names_a_region_that_nobody_knows_says_so()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, _) = await app.RegionsAsync();
        await app.MoveAsync(a, b, 1_000);
        await app.CloseAsync(turn.Day);

        Expect.Problem(await app.SettleAsync(turn.Day, a, "999999", 1), 404, "no-such-region");
        Expect.Problem(await app.SettleAsync(turn.Day, "999999", b, 1), 404, "no-such-region");
        Expect.Problem(await app.SettleAsync(turn.Day, b, a, 1), 422, "clearing-closed");
    }

    [Fact]
    public async Task Settlements_at_once_never_pass_what_is_owed()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, _) = await app.RegionsAsync();
        await app.MoveAsync(a, b, 1_000);
        await app.CloseAsync(turn.Day);

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => app.SettleAsync(turn.Day, a, b, 100)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Expect.Problem(answer, 422, "clearing-closed"));
    }

    [Fact]
    public async Task Settlement_of_an_id_that_names_something_else_is_a_mismatch()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, _) = await app.RegionsAsync();
        Guid id = Guid.CreateVersion7();
        string person = await app.NewPersonAsync(a);
        Assert.Equal(201, (await app.CreditAsync(person, id, 500)).Status);
        await app.MoveAsync(a, b, 1_000);
        await app.CloseAsync(turn.Day);

        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 500, id), 409, "idempotency-mismatch");
        Expect.Problem(await app.TopUpAsync(a, 500, id), 409, "idempotency-mismatch");
        Guid settled = Guid.CreateVersion7();
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, b, 500, settled)).Status);
        Expect.Problem(await app.CreditAsync(person, settled, 500), 409, "idempotency-mismatch");
    }

    [Fact]
    public async Task Settlement_that_the_payees_prepayment_does_not_cover_waits_for_its_own_debts()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, string far) = await app.RegionsAsync();
        await app.GoLiveAsync(b, Open + ",\"netDebitCapFen\":0");
        await app.MoveAsync(a, b, 1_000);
        await app.MoveAsync(b, far, 400);
        await app.CloseAsync(turn.Day);

        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 601), 422, "region-cap-reached");
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, b, 600)).Status);
        Expect.Problem(await app.SettleAsync(turn.Day, a, b, 1), 422, "region-cap-reached");
        Assert.Equal(201, (await app.SettleAsync(turn.Day, b, far, 400)).Status);
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, b, 400)).Status);
        Assert.Equal(0, (await app.Http.GetAsync($"/v1/regions/{b}")).Number("clearing.netFen"));
    }

    [Theory]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","from":"320500","to":"410100","amountFen":1}""")]
    [InlineData("""{"id":"0193838a-7c1e-7b3a-9f00-1234567890ab","from":"32","to":"410100","amountFen":1}""")]
    [InlineData("""{"id":"0193838a-7c1e-7b3a-9f00-1234567890ab","from":"320500","to":"320500","amountFen":1}""")]
    [InlineData("""{"id":"0193838a-7c1e-7b3a-9f00-1234567890ab","from":"320500","to":"410100","amountFen":0}""")]
    [InlineData("""{"id":"0193838a-7c1e-7b3a-9f00-1234567890ab","from":"320500","to":"410100"}""")]
    public async Task Settlement_with_a_wrong_field_is_malformed(string body) =>
        Expect.Problem(await app.Http.PostAsync("/v1/clearing/2024-12-02/settlements", body), 400, "malformed");

    [Fact]
    public async Task Statement_is_signed_by_every_province_and_then_notices_go_out_in_pairs()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, string far) = await app.RegionsAsync();
        await app.MoveAsync(a, far, 900);
        await app.MoveAsync(far, b, 250);
        await app.MoveAsync(a, b, 11);
        (string mine, string other) = (a[..2], far[..2]);
        Expect.Problem(await app.SignAsync(turn.Month, mine), 409, "wrong-state");
        await app.CloseAsync(turn.Day);
        Answer open = await app.StatementAsync(turn.Month);
        Assert.Equal(("open", 2), (open.Field("status"), open.Json["national"]!.AsArray().Count));
        Expect.Problem(await app.SignAsync(turn.Month, mine), 409, "wrong-state");

        await app.MoveToNextMonthAsync(turn);
        await app.CloseAsync(turn.LastOfMonth);
        Answer complete = await app.StatementAsync(turn.Month);
        Assert.Equal("complete", complete.Field("status"));
        Assert.Equal([$"{mine} {other} 900 650", $"{other} {mine} 250 0"], Rows(complete, "national", "from", "to", "grossFen", "netFen").Order());
        Expect.Problem(await app.SignAsync(turn.Month, "11"), 409, "wrong-state");
        Assert.Equal("complete", (await app.SignAsync(turn.Month, mine)).Field("status"));
        Assert.Equal(200, (await app.SignAsync(turn.Month, mine)).Status);
        Assert.Empty((await app.StatementAsync(turn.Month)).Json["notices"]!.AsArray());
        Answer signed = await app.SignAsync(turn.Month, other);

        Assert.Equal("signed", signed.Field("status"));
        Assert.Equal([mine, other], Rows(signed, "signatures", "province"));
        Assert.Equal(
            new[]
            {
                $"{turn.Month}-{mine}-{other} payable {mine} {other} 900", $"{turn.Month}-{mine}-{other} receivable {other} {mine} 900",
                $"{turn.Month}-{other}-{mine} payable {other} {mine} 250", $"{turn.Month}-{other}-{mine} receivable {mine} {other} 250",
            }.Order(),
            Rows(signed, "notices", "number", "kind", "province", "counterparty", "amountFen").Order());
    }

    [Fact]
    public async Task Statement_says_by_when_each_step_is_due_and_what_is_overdue_and_outstanding()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, _, string far) = await app.RegionsAsync();
        await app.MoveAsync(a, far, 900);
        DateOnly next = new DateOnly(turn.Date.Year, turn.Date.Month, 1).AddMonths(1);
        string Due(int day) => next.AddDays(day - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Answer open = await app.StatementAsync(turn.Month);
        Assert.Equal(0, open.Number("outstandingFen"));
        Assert.Equal([$"complete {Due(3)} due", $"table {Due(21)} due", $"signed {Due(25)} due"], Rows(open, "deadlines", "step", "by", "status")[..3]);

        await app.MoveClockAsync(next.AddDays(3));
        Assert.Equal($"complete {Due(3)} overdue", Rows(await app.StatementAsync(turn.Month), "deadlines", "step", "by", "status")[0]);
        await app.CloseAsync(turn.LastOfMonth);
        Answer complete = await app.StatementAsync(turn.Month);
        Assert.Equal(900, complete.Number("outstandingFen"));
        Assert.Equal(["complete done", "table done", "signed due", "notices due", "paid due", "late due"], Rows(complete, "deadlines", "step", "status"));
        await app.SignAsync(turn.Month, a[..2]);
        Assert.Equal(["signed done", "notices done", "paid due"], Rows(await app.SignAsync(turn.Month, far[..2]), "deadlines", "step", "status")[2..5]);
        Assert.Equal(201, (await app.SettleAsync(turn.Day, a, far, 900)).Status);

        Answer paid = await app.StatementAsync(turn.Month);
        Assert.Equal(0, paid.Number("outstandingFen"));
        Assert.All(Rows(paid, "deadlines", "status"), status => Assert.Equal("done", status));
    }

    [Fact]
    public async Task Prepayments_are_two_months_of_what_regions_had_to_pay_on_average()
    {
        Turn turn = await app.NextMonthAsync();
        (string a, string b, string far) = await app.RegionsAsync();
        await app.GoLiveAsync(a, Open + ",\"netDebitCapFen\":5000");
        await app.MoveAsync(a, far, 900);
        await app.MoveAsync(a, b, 101);
        await app.CloseAsync(turn.Day);
        await app.MoveAsync(far, a, 7);
        Assert.DoesNotContain(Rows(await app.PrepaymentsAsync(), "regions", "region"), region => region == a);

        await app.MoveToNextMonthAsync(turn);
        await app.CloseAsync(turn.LastOfMonth);
        Answer answer = await app.PrepaymentsAsync();

        Assert.Equal((200, turn.Month), (answer.Status, answer.Field("lastMonth")));
        long months = answer.Number("months");
        Assert.InRange(months, 1, 12);
        string[] rows = Rows(answer, "regions", "region", "clearedFen", "proposedFen", "lodgedFen");
        Assert.Contains($"{a} 1001 {(2_002 + months - 1) / months} 5000", rows);
        Assert.Contains($"{far} 7 {(14 + months - 1) / months} ", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith(b, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2024-13", "32")]
    [InlineData("2024", "32")]
    [InlineData("2024-12", "320500")]
    [InlineData("2024-12", "xx")]
    public async Task Signature_with_a_wrong_field_is_malformed(string month, string province) =>
        Expect.Problem(await app.SignAsync(month, province), 400, "malformed");

    [Fact]
    public async Task Top_up_raises_the_cap_once_and_makes_room_at_once()
    {
        string region = await app.NewRegionAsync(Open + ",\"netDebitCapFen\":100");
        string payer = await app.NewPersonAsync(region, creditFen: 10_000);
        string payee = await app.NewPersonAsync(autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");

        Guid id = Guid.CreateVersion7();
        Answer[] all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.TopUpAsync(region, 50, id)));

        Assert.All(all, answer => Assert.Equal((201, all[0].Text), (answer.Status, answer.Text)));
        Assert.Single(all, answer => !answer.IsReplay);
        Assert.Equal(150, (await app.Http.GetAsync($"/v1/regions/{region}")).Number("rules.netDebitCapFen"));
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 50)).Status);
        Expect.Problem(await app.TransferAsync(payer, payee, 1), 422, "region-cap-reached");
        Expect.Problem(await app.TopUpAsync(region, 51, id), 409, "idempotency-mismatch");
        await app.GoLiveAsync(region, Open + ",\"netDebitCapFen\":1000");
        Assert.Equal(201, (await app.TopUpAsync(region, 1)).Status);
        Assert.Equal(1_001, (await app.Http.GetAsync($"/v1/regions/{region}")).Number("clearing.capFen"));
    }

    [Fact]
    public async Task Top_up_of_a_region_without_cap_or_that_nobody_knows_is_refused()
    {
        string region = await app.NewRegionAsync(Open);

        Expect.Problem(await app.TopUpAsync(region, 1), 409, "wrong-state");
        Expect.Problem(await app.TopUpAsync("999999", 1), 404, "no-such-region");
        Expect.Problem(await app.TopUpAsync("32", 1), 400, "malformed");
        Expect.Problem(await app.TopUpAsync(region, -1), 400, "malformed");
    }

    private static string[] Rows(Answer answer, string list, params string[] fields) =>
        [.. answer.Json[list]!.AsArray().Select(row => string.Join(' ', fields.Select(field => row![field]?.ToString())))];

    /// <summary>A month that one test has to itself. The date is the 10th.</summary>
    public sealed class Turn(DateOnly day)
    {
        public DateOnly Date { get; } = day;

        public string Day => Text(Date);

        public string Next => Text(Date.AddDays(1));

        public string Month => Date.ToString("yyyy-MM", CultureInfo.InvariantCulture);

        public string FirstOfMonth => Month + "-01";

        public string LastOfMonth => Text(new DateOnly(Date.Year, Date.Month, 1).AddMonths(1).AddDays(-1));

        private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>The product with a clock that the tests, which run one after another, move forward month by month.</summary>
    public sealed class LongYear : RunningApp
    {
        private DateOnly _month = new(2024, 12, 1);
        private int _pairs;

        internal async Task<Turn> NextMonthAsync()
        {
            _month = _month.AddMonths(1);
            Turn turn = new(_month.AddDays(9));
            await MoveClockAsync(turn.Date);
            return turn;
        }

        internal Task MoveToNextMonthAsync(Turn turn)
        {
            _month = _month.AddMonths(1);
            return MoveClockAsync(new DateOnly(turn.Date.Year, turn.Date.Month, 1).AddMonths(1));
        }

        /// <summary>Two regions of one province and one of another, without any traffic yet.</summary>
        internal async Task<(string A, string B, string Far)> RegionsAsync()
        {
            int number = Interlocked.Increment(ref _pairs);
            string[] codes = [.. new[] { $"90{number:D2}01", $"90{number:D2}02", $"91{number:D2}01" }];
            foreach (string code in codes)
            {
                await GoLiveAsync(code, Open);
            }

            return (codes[0], codes[1], codes[2]);
        }

        /// <summary>Moves money from a new person of one region to a new person of another.</summary>
        internal async Task MoveAsync(string from, string to, long fen)
        {
            string payer = await NewPersonAsync(from, creditFen: fen);
            string payee = await NewPersonAsync(to, autoAccept: true);
            Answer answer = await TransferAsync(payer, payee, fen);
            Assert.Equal((201, "settled"), (answer.Status, answer.Field("status")));
        }

        internal Task<Answer> DayAsync(string day) => Http.GetAsync($"/v1/clearing/{day}");

        internal Task<Answer> CloseAsync(string day) => Http.SendAsync(HttpMethod.Post, $"/v1/clearing/{day}/close", null);

        internal Task<Answer> SettleAsync(string day, string from, string to, long fen, Guid? id = null) => Http.PostAsync(
            $"/v1/clearing/{day}/settlements", new JsonObject { ["id"] = id ?? Guid.CreateVersion7(), ["from"] = from, ["to"] = to, ["amountFen"] = fen }.ToJsonString());

        internal Task<Answer> StatementAsync(string month) => Http.GetAsync($"/v1/clearing/statements/{month}");

        internal Task<Answer> PrepaymentsAsync() => Http.GetAsync("/v1/clearing/prepayments");

        internal Task<Answer> SignAsync(string month, string province) =>
            Http.PostAsync($"/v1/clearing/statements/{month}/signatures", $$"""{"province":"{{province}}"}""");

        internal Task<Answer> TopUpAsync(string region, long fen, Guid? id = null) =>
            Http.PostAsync($"/v1/regions/{region}/top-ups", new JsonObject { ["id"] = id ?? Guid.CreateVersion7(), ["amountFen"] = fen }.ToJsonString());

        internal async Task<long> FundAsync(string region) => (await Http.GetAsync($"/v1/regions/{region}")).Number("fundFen");

        internal async Task MoveClockAsync(DateOnly day)
        {
            string now = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T09:00:00+08:00";
            Assert.Equal(200, (await Http.PutAsync("/v1/clock", $$"""{"now":"{{now}}"}""")).Status);
        }
    }
}
