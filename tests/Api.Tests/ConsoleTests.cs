using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>The page at /: what its policy allows, and what it shows in a real browser.</summary>
public sealed partial class ConsoleTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Policy_lets_the_pages_own_script_and_style_run_and_call_this_server_and_nothing_else()
    {
        Answer page = await app.Http.GetAsync("/");

        Assert.Equal(
            $"default-src 'none'; script-src {HashOf(Script(), page)}; style-src {HashOf(Style(), page)}; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
            page.Response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", page.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(page.Response.Headers.CacheControl!.NoCache);
        Assert.Equal("utf-8", page.Response.Content.Headers.ContentType!.CharSet);
    }

    [Fact]
    public async Task Page_refers_to_no_other_host_and_loads_nothing()
    {
        string page = (await app.Http.GetAsync("/")).Text;

        Assert.DoesNotMatch("[a-z]+://", page);
        Assert.DoesNotMatch("""["'`(=]\s*//""", page);
        Assert.DoesNotMatch(@"url\(|@import|\bsrc=|<link|<iframe|<img", page);
        Assert.All(Link().Matches(page), link => Assert.Matches("^/[a-z]", link.Groups["target"].Value));
        Assert.DoesNotMatch(@"<[a-z][^>]*\s(style|on[a-z]+)=", page);
    }

    [Fact]
    public async Task Page_makes_no_markup_of_data_and_asks_nothing_of_persons()
    {
        string script = Script().Match((await app.Http.GetAsync("/")).Text).Groups["text"].Value;

        Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|createContextualFragment|\beval\b|\bFunction\(", script);
        Assert.Equal(
            ["/health/live", "/health/ready", "/metrics", "/v1/audit", "/v1/clearing/", "/v1/clock", "/v1/regions", "/v1/stats/aid"],
            Asked().Matches(script).Select(match => match.Groups["path"].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("examples", script, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Browser_shows_figures_to_the_fen_alerts_and_what_is_owed_and_no_person()
    {
        string region = await app.NewRegionAsync(""","netDebitCapFen":100000""");
        string payer = await app.NewPersonAsync(region, 123_456_789_012);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 70_005)).Status);

        await using Browser browser = await Browser.OpenAsync(new Uri(app.Address, "/"));
        string text = await browser.UntilAsync("document.getElementById('owed').rows.length > 0");

        Assert.Equal("Gongji: ready", await browser.EvaluateAsync("document.title"));
        Assert.Equal(
            $"Test {region} {region}|yellow|70 %|−700.05|1,000.00|1,234,567,890.12|same region, in province, cross-province",
            await browser.EvaluateAsync(RowOf("regions", region)));
        Assert.Equal($"Test {region} {region}|Test 410100 410100|700.05", await browser.EvaluateAsync(RowOf("owed", $"{region} {RunningApp.Zhengzhou}")));
        Assert.Equal("cross-province|0|0.00|1|700.05", await browser.EvaluateAsync(RowOf("aid", "cross-province")));
        Assert.Contains("Clearing, 2024-12-02", text, StringComparison.Ordinal);
        Assert.Contains("sqlite", text, StringComparison.Ordinal);
        Assert.DoesNotContain(payer, text, StringComparison.Ordinal);
        Assert.DoesNotContain(payee, text, StringComparison.Ordinal);
        Assert.Equal("false", await browser.EvaluateAsync("!document.getElementById('signed-only').hidden"));
        Assert.Empty(browser.Complaints);
    }

    /// <summary>Uses a separate process without other clients, because meters count per process.</summary>
    [BrowserFact]
    public async Task Browser_shows_new_figures_in_the_rows_that_are_there_and_rates_and_when_the_process_is_gone()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName, "--demo-regions", "--clock", "2024-12-02T09:00:00+08:00");
        using Caller http = new(process.Address);
        await http.PutAsync("/v1/persons/giver", $$"""{"region":"{{RunningApp.Suzhou}}","insurance":"employee","status":"active"}""");

        await using Browser browser = await Browser.OpenAsync(new Uri(process.Address, "/"));
        await browser.UntilAsync($"{RowOf("regions", RunningApp.Suzhou)}?.includes('|0.00|')");
        await browser.EvaluateAsync($"window.row = {Row("regions", RunningApp.Suzhou)}; 0");
        Assert.Equal(201, (await http.PostAsync("/v1/persons/giver/credits", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":100005,"period":"2024-12"}""")).Status);
        await browser.UntilAsync($"{RowOf("regions", RunningApp.Suzhou)}.includes('|1,000.05|')");

        Assert.Equal("true", await browser.EvaluateAsync($"window.row === {Row("regions", RunningApp.Suzhou)}"));
        Assert.Matches("^Over the last [0-9]+ seconds\\.$", await browser.EvaluateAsync(TextOf("window")));
        Assert.Matches("^0\\.[0-9]+$", await browser.EvaluateAsync(TextOf("entries")));
        Assert.Equal("2 since it started", await browser.EvaluateAsync(TextOf("entries-all")));
        Assert.Matches("^[0-9.]+ m?s$", await browser.EvaluateAsync(TextOf("sweeper")));
        Assert.Equal("1 commit", await browser.EvaluateAsync(TextOf("commits")));
        Assert.Matches("^[0-9.]+ m?s$", await browser.EvaluateAsync(TextOf("commit-median")));
        Assert.Matches("^[0-9.]+ m?s$", await browser.EvaluateAsync(TextOf("commit-tail")));
        Assert.Equal("0", await browser.EvaluateAsync(TextOf("class-5")));
        Assert.Empty(browser.Complaints);

        await process.KillAsync();
        string text = await browser.UntilAsync("document.title === 'Gongji: no answer'");
        Assert.Contains("1,000.05", text, StringComparison.Ordinal);
        Assert.Equal("true", await browser.EvaluateAsync("document.body.classList.contains('stale')"));
        Assert.Matches("^No answer; the figures are of [0-9:]{8}$", await browser.EvaluateAsync(TextOf("updated")));
    }

    [BrowserFact]
    public async Task Browser_reads_and_writes_every_amount_to_the_fen()
    {
        await using Browser browser = await Browser.OpenAsync(new Uri(app.Address, "/"));
        await browser.UntilAsync("!document.getElementById('ledger').hidden");

        foreach ((string fen, string written) in new[]
        {
            ("0", "0.00"), ("-5", "−0.05"), ("10", "0.10"), ("99999", "999.99"), ("-100000", "−1,000.00"),
            ("9007199254740993", "90,071,992,547,409.93"), ("-9223372036854775808", "−92,233,720,368,547,758.08"),
        })
        {
            Assert.Equal(written, await browser.EvaluateAsync($$"""yuan(JSON.parse(amountsAsText('{"a":[{"netFen":{{fen}},"count":1}]}'), withAmounts).a[0].netFen)"""));
        }
    }

    [BrowserFact]
    public async Task Browser_runs_the_audit_when_asked_to()
    {
        await app.NewPersonAsync(creditFen: 5);

        await using Browser browser = await Browser.OpenAsync(new Uri(app.Address, "/"));
        await browser.UntilAsync("!document.getElementById('ledger').hidden");
        Assert.Equal("0", await browser.EvaluateAsync("document.getElementById('audit').rows.length"));
        await browser.EvaluateAsync("document.getElementById('audit-run').click(); 0");
        await browser.UntilAsync("document.getElementById('audit-state').textContent.startsWith('Nothing is violated')");

        Assert.Equal("9", await browser.EvaluateAsync("document.getElementById('audit').rows.length"));
        Assert.Matches("^conservation\\|[1-9][0-9]*\\|accounts\\|0$", await browser.EvaluateAsync(RowOf("audit", "conservation")));
        Assert.Empty(browser.Complaints);
    }

    private static string TextOf(string id) => $"document.getElementById('{id}').textContent";

    private static string Row(string table, string key) => $"document.querySelector('#{table} tr[data-key=\"{key}\"]')";

    /// <summary>A script that returns the cells of a row as text.</summary>
    private static string RowOf(string table, string key) => $"{Row(table, key)} && [...{Row(table, key)}.cells].map(cell => cell.textContent.trim()).join('|')";

    private static string HashOf(Regex element, Answer page) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Matches(page.Text).Single().Groups["text"].Value)))}'";

    [GeneratedRegex("<script[^>]*>(?<text>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style[^>]*>(?<text>.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("href=\"(?<target>[^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("""["`](?<path>/(health|metrics|openapi|national|v1)[a-z0-9/]*)""")]
    private static partial Regex Asked();
}
