using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class ReconciliationTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Day = "2024-12-02";
    private const string Header = "id,person,activity,tier,from,to,amountFen,at";

    [Fact]
    public async Task File_of_a_day_adds_up_to_the_region_to_the_fen()
    {
        (string here, string there) = await TradeAsync();

        Answer answer = await app.Http.GetAsync($"/v1/reconciliation/{here}/{Day}");

        Assert.Equal((200, "text/csv"), (answer.Status, answer.MediaType));
        Assert.Equal($"reconciliation-{here}-{Day}.csv", answer.Response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.Equal("attachment", answer.Response.Content.Headers.ContentDisposition.DispositionType);
        string[][] lines = LinesOf(answer);
        Assert.Equal(24, lines.Length);
        Assert.Equal(lines.Select(line => line[0]).Order(StringComparer.Ordinal), lines.Select(line => line[0]));
        Answer region = await app.Http.GetAsync($"/v1/regions/{here}");
        Assert.Equal(region.Number("fundFen"), lines.Where(line => line[2] == "credit").Sum(AmountOf));
        Assert.All(lines.Where(line => line[2] == "credit"), line => Assert.Equal(("", here), (line[4], line[5])));
        Assert.Equal(region.Number("clearing.netFen"), lines.Where(line => line[4] != line[5] && line[4].Length > 0).Sum(line => line[5] == here ? AmountOf(line) : -AmountOf(line)));
        Assert.All(lines, line => Assert.StartsWith("2024-12-02T09:", line[7], StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(2, line.Count(field => field == here || (field == there && line[2] == "transfer") || (field.Length == 0 && line[2] == "credit"))));
    }

    [Fact]
    public async Task Files_of_both_regions_have_the_same_lines_of_their_pair()
    {
        (string here, string there) = await TradeAsync();

        string[] ours = (await app.Http.GetAsync($"/v1/reconciliation/{here}/{Day}")).Text.Split('\n');
        string[] theirs = (await app.Http.GetAsync($"/v1/reconciliation/{there}/{Day}")).Text.Split('\n');

        Assert.Equal(ours.Where(line => line.Contains(there, StringComparison.Ordinal)), theirs.Where(line => line.Contains(here, StringComparison.Ordinal)));
        Assert.Equal(20, theirs.Count(line => line.Contains(here, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Payment_with_money_of_a_relative_in_another_province_is_in_both_files_and_agrees()
    {
        const string there = "970001";
        string here = await app.NewRegionAsync();
        await app.GoLiveAsync(there);
        string daughter = await app.NewPersonAsync(there, creditFen: 1_000);
        string father = await app.NewPersonAsync(here, creditFen: 100);
        await app.RelateAsync(daughter, father, 300);
        (Guid payment, Guid refund) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(201, (await app.PayAsync(father, 600, payment)).Status);
        Assert.Equal(201, (await app.RefundAsync(payment, 50, refund)).Status);

        Answer ours = await app.Http.GetAsync($"/v1/reconciliation/{here}/{Day}");
        Answer theirs = await app.Http.GetAsync($"/v1/reconciliation/{there}/{Day}");

        string drawn = $"{payment},{father},draw,cross-province,{there},{here},500";
        string returned = $"{refund},{father},draw,cross-province,{there},{here},-50";
        Assert.Equal(
            new[] { $"{payment},{father},payment,same-region,{here},{here},100", drawn, returned }.OrderBy(line => line[..36], StringComparer.Ordinal),
            LinesOf(ours).Where(line => line[2] != "credit").Select(line => string.Join(',', line[..7])));
        Assert.Equal(new[] { drawn, returned }.Order(StringComparer.Ordinal), LinesOf(theirs).Where(line => line[2] != "credit").Select(line => string.Join(',', line[..7])));
        Assert.Equal((450, -450), (await app.NetOfAsync(here), await app.NetOfAsync(there)));
        foreach ((string region, Answer file) in new[] { (here, ours), (there, theirs) })
        {
            Answer compared = await UploadAsync(region, file.Text);
            Assert.True((bool)compared.Json["agrees"]!, compared.Text);
            JsonNode pair = Assert.Single(compared.Json["pairs"]!.AsArray(), item => (string?)item!["activity"] == "draw")!;
            Assert.Equal((there, here, "cross-province"), ((string?)pair["from"], (string?)pair["to"], (string?)pair["tier"]));
            Assert.Equal((2, 450, 450), ((long)pair["lines"]!["count"]!, (long)pair["lines"]!["amountFen"]!, (long)pair["ledgerFen"]!));
        }
    }

    [Fact]
    public async Task File_of_a_day_without_movements_has_a_header_only()
    {
        Answer answer = await app.Http.GetAsync($"/v1/reconciliation/{RunningApp.Suzhou}/2023-01-01");

        Assert.Equal((200, Header + "\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Upload_of_our_own_file_agrees()
    {
        (string here, string there) = await TradeAsync();
        string text = (await app.Http.GetAsync($"/v1/reconciliation/{here}/{Day}")).Text;
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach (string file in new[] { text, "\uFEFF" + string.Join("\r\n", lines[1..].Reverse().Prepend(lines[0])), string.Join('\n', lines.Select(line => string.Join(" , ", line.Split(',').Reverse()))) })
        {
            Answer answer = await UploadAsync(here, file);

            Assert.True(answer.Status == 200, answer.Text);
            Assert.True((bool)answer.Json["agrees"]!, answer.Text);
            Assert.Equal(24, answer.Number("totals.theirs.count"));
            Assert.Equal(answer.Field("totals.ours"), answer.Field("totals.theirs"));
            Assert.Empty(answer.Json["onlyOurs"]!.AsArray());
            JsonNode pair = Assert.Single(answer.Json["pairs"]!.AsArray(), item => (string?)item!["to"] == there)!;
            Assert.Equal((here, "transfer", 20, true), ((string?)pair["from"], (string?)pair["activity"], (int)pair["lines"]!["count"]!, (bool)pair["agrees"]!));
            Assert.Equal((long)pair["lines"]!["amountFen"]!, (long)pair["ledgerFen"]!);
        }
    }

    [Fact]
    public async Task Upload_with_a_line_missing_one_extra_and_one_changed_finds_exactly_these()
    {
        (string here, string there) = await TradeAsync();
        string[][] lines = LinesOf(await app.Http.GetAsync($"/v1/reconciliation/{here}/{Day}"));
        Guid extra = Guid.CreateVersion7();
        string[] transfers = [.. lines.Where(line => line[2] == "transfer").Select(line => line[0])];
        string file = "amountFen,id\n" + string.Concat(lines.Where(line => line[0] != transfers[3])
            .Select(line => $"{(line[0] == transfers[7] ? AmountOf(line) + 5 : AmountOf(line))},{line[0].ToUpperInvariant()}\n")) + $"77,{extra}\n";

        Answer answer = await UploadAsync(here, file);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.False((bool)answer.Json["agrees"]!);
        JsonNode missing = Assert.Single(answer.Json["onlyOurs"]!.AsArray())!;
        Assert.Equal((transfers[3], here, there), ((string?)missing["id"], (string?)missing["from"], (string?)missing["to"]));
        Assert.Null(missing["theirsFen"]);
        JsonNode added = Assert.Single(answer.Json["onlyTheirs"]!.AsArray())!;
        Assert.Equal((extra.ToString(), 77), ((string?)added["id"], (long)added["theirsFen"]!));
        JsonNode changed = Assert.Single(answer.Json["amountDiffers"]!.AsArray())!;
        Assert.Equal((transfers[7], 5), ((string?)changed["id"], (long)changed["theirsFen"]! - (long)changed["oursFen"]!));
        Assert.Equal((1, 1, -5), (answer.Number("totals.onlyOurs.count"), answer.Number("totals.onlyTheirs.count"), answer.Number("totals.amountDiffers.amountFen")));

        Answer first = await UploadAsync(here, file, "?limit=1");
        Answer rest = await UploadAsync(here, file, $"?limit=2&after={first.Field("next")}");
        Assert.Equal(3, new[] { first, rest }.Sum(page => new[] { "onlyOurs", "onlyTheirs", "amountDiffers" }.Sum(type => page.Json[type]!.AsArray().Count)));
        Assert.Null(rest.Json["next"]);
    }

    [Theory]
    [InlineData("", "Line 1 ")]
    [InlineData("amountFen\n5\n", "Line 1 ")]
    [InlineData("id,amount\n", "Line 1 ")]
    [InlineData("id,amountFen,id\n", "Line 1 ")]
    [InlineData("id,amountFen\nnot-an-id,5\n", "Line 2 ")]
    [InlineData("id,amountFen\n\n{0},5\n{0},5.00\n", "Line 4 ")]
    [InlineData("id,amountFen\n{0},5\n{0},\n", "Line 3 ")]
    [InlineData("id,amountFen\n{0},5\n{0},6,7\n", "Line 3 ")]
    [InlineData("id,amountFen\n{0},5\n{0}\n", "Line 3 ")]
    [InlineData("id,amountFen\n{0},1000000000000001\n", "Line 2 ")]
    [InlineData("id,amountFen\n{0},99999999999999999999\n", "Line 2 ")]
    [InlineData("id,amountFen,note\n{0},5,\"open\n{0},5,x\n", "Line 2 ")]
    [InlineData("id,amountFen,note\n{0},5,mid\"dle\n", "Line 2 ")]
    public async Task Upload_of_a_bad_file_is_malformed_and_says_which_line(string file, string start)
    {
        Answer answer = await UploadAsync(RunningApp.Suzhou, string.Format(CultureInfo.InvariantCulture, file, Guid.CreateVersion7()));

        Expect.Problem(answer, 400, "malformed");
        Assert.StartsWith(start, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,amountFen\n{0},5\n{0}\n", "Line 3 has 1 field, but the header has 2. Nothing was compared.")]
    [InlineData("id,amountFen\n{0},6,7\n", "Line 2 has 3 fields, but the header has 2. Nothing was compared.")]
    [InlineData("id,amountFen\n{0},99999999999999999999\n", "Line 2 has the amount \"99999999999999999999\", which is not between -1000000000000000 and 1000000000000000 fen. Nothing was compared.")]
    [InlineData("id,amountFen\n{0},-5.5\n", "Line 2 has the amount \"-5.5\", which is not a whole number of fen. Nothing was compared.")]
    [InlineData("id,amountFen,note\n{0},5,mid\"dle\n", "Line 2 has a quote in the wrong place: a field with quotes begins and ends with one on the same line, and one inside it is doubled. Nothing was compared.")]
    [InlineData("id,amountFen,note\n{0},5,\"open\n{0},5,x\n", "Line 2 has a quote in the wrong place: a field with quotes begins and ends with one on the same line, and one inside it is doubled. Nothing was compared.")]
    public async Task Upload_of_a_bad_line_is_answered_with_what_is_wrong_in_it(string file, string detail)
    {
        Answer answer = await UploadAsync(RunningApp.Suzhou, string.Format(CultureInfo.InvariantCulture, file, Guid.CreateVersion7()));

        Assert.Equal(detail, answer.Field("detail"));
    }

    [Fact]
    public async Task Upload_without_line_ends_is_refused_before_it_fills_the_memory()
    {
        Answer answer = await UploadAsync(RunningApp.Suzhou, "id,amountFen\n" + new string('7', 1_000_000));

        Expect.Problem(answer, 400, "malformed");
        Assert.Equal("Line 2 is over 16384 bytes: see that every line ends with a line feed, and that every quote is closed. Nothing was compared.", answer.Field("detail"));
    }

    [Theory]
    [InlineData("/v1/reconciliation/32050/2024-12-02", "region")]
    [InlineData("/v1/reconciliation/320500/2024-12-32", "day")]
    [InlineData("/v1/reconciliation/320500/20241202", "day")]
    [InlineData("/v1/reconciliation/320500/9999-12-31", "day")]
    public async Task Reconciliation_of_a_bad_place_is_malformed(string path, string field)
    {
        foreach (Answer answer in new[] { await app.Http.GetAsync(path), await app.Http.SendAsync(HttpMethod.Post, path, Csv("id,amountFen\n")) })
        {
            Expect.Problem(answer, 400, "malformed");
            Assert.StartsWith(field, answer.Field("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reconciliation_of_an_unknown_region_or_of_what_is_no_file_is_refused()
    {
        Expect.Problem(await app.Http.GetAsync($"/v1/reconciliation/999999/{Day}"), 404, "no-such-region");
        Expect.Problem(await UploadAsync("999999", "id,amountFen\n"), 404, "no-such-region");
        Expect.Problem(await app.Http.PostAsync($"/v1/reconciliation/{RunningApp.Suzhou}/{Day}", "{}"), 415, "malformed");
        Expect.Problem(await UploadAsync(RunningApp.Suzhou, "id,amountFen\n", "?limit=x"), 400, "malformed");
        Expect.Problem(await UploadAsync(RunningApp.Suzhou, "id,amountFen\n", "?after=x"), 400, "malformed");
    }

    /// <summary>Creates two new regions: four credits in the first, and twenty transfers from there to the second.</summary>
    private async Task<(string Here, string There)> TradeAsync()
    {
        string here = await app.NewRegionAsync(""","maxTransfersPerDay":100""");
        string there = await app.NewRegionAsync();
        string payee = await app.NewPersonAsync(there, autoAccept: true);
        for (int i = 0; i < 4; i++)
        {
            string payer = await app.NewPersonAsync(here, creditFen: 10_000 + i);
            for (int j = 0; j < 5; j++)
            {
                Assert.Equal(201, (await app.TransferAsync(payer, payee, 100 + i * 10 + j)).Status);
            }
        }

        return (here, there);
    }

    private Task<Answer> UploadAsync(string region, string file, string query = "") =>
        app.Http.SendAsync(HttpMethod.Post, $"/v1/reconciliation/{region}/{Day}{query}", Csv(file));

    /// <summary>When the disk is full, each kind of upload says so, and the server carries on.</summary>
    [Fact]
    public async Task Uploads_without_room_on_the_temporary_disk_are_told_so()
    {
        using TemporaryDirectory data = new();
        string disk = Path.Combine(data.FullName, "disk");
        Directory.CreateDirectory(disk);
        string file = Path.Combine(data.FullName, "gateways.json");
        string secret = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(file, $$"""{"gateways":[{"keyId":"nation","alg":"hmac-sha256","secret":"{{secret}}","roles":["gateway"],"provinces":["all"]}]}""");
        await using ApiProcess process = await ApiProcess.ServeOnTemporaryDiskAsync(disk, "--data", Path.Combine(data.FullName, "ledger"), "--gateways", file);
        using Caller unsigned = new(process.Address);
        using Caller signed = new(process.Address, key: Gongji.Client.GatewayKey.Hmac("nation", new byte[32]));
        Assert.Equal(200, (await unsigned.PutAsync("/v1/regions/320500", """{"name":"Suzhou","rules":{}}""")).Status);

        // Replaces the directory by a file, so that nobody can create anything in it.
        Directory.Delete(disk, recursive: true);
        await File.WriteAllTextAsync(disk, "");
        Answer compared = await unsigned.SendAsync(HttpMethod.Post, $"/v1/reconciliation/320500/{Day}", Csv("id,amountFen\n"));
        Answer kept = await signed.SendAsync(HttpMethod.Post, "/v1/credits", Caller.Bytes(Encoding.ASCII.GetBytes(new string('\n', 2_000_000)), "application/x-ndjson"));

        Assert.All([compared, kept], answer =>
        {
            Expect.Problem(answer, 503, "ledger-unavailable");
            Assert.Contains("temporary disk", answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(200, (await unsigned.GetAsync("/health/ready")).Status);
    }

    private static ByteArrayContent Csv(string text) => Caller.Bytes(Encoding.UTF8.GetBytes(text), "text/csv");

    private static string[][] LinesOf(Answer answer)
    {
        string[] lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Header, lines[0]);
        return [.. lines[1..].Select(line => line.Split(','))];
    }

    private static long AmountOf(string[] line) => long.Parse(line[6], CultureInfo.InvariantCulture);
}
