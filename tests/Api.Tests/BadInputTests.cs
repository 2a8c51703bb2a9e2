using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Unreadable input is refused with a code and a hint how to fix it, and leaves no trace.</summary>
public sealed class BadInputTests(BadInputTests.App app) : IClassFixture<BadInputTests.App>
{
    private const string Id = "0193838a-7c1e-7b3a-9f00-1234567890ab";

    /// <summary>Bodies of each call with one mistake, and the field that the answer must name.</summary>
    public static TheoryData<string, string, string, string> BadBodies()
    {
        TheoryData<string, string, string, string> all = [];
        AddAll(all, "POST", "/v1/transfers", Transfer, [
            ("id", "\"x\""), ("id", "\"00000000-0000-0000-0000-000000000000\""), ("id", "\"2f1e5f12-7c1e-8b3a-9f00-1234567890ab\""), ("id", $"\"{{{Id}}}\""), ("id", "\"0193838a7c1e7b3a9f001234567890ab\""), ("id", "7"),
            ("payer", "\"\""), ("payer", "\"a b\""), ("payer", "\"张三\""), ("payer", "\"0123456789012345678901234567890\""), ("payer", "5"), ("payer", "\"\\u0000\""),
            ("payee", "\"p/1\""), ("payee", "[]"), ("payee", "{}"), ("payee", "true"), ("payee", "\"\\ud800\""),
            ("source", "\"Personal\""), ("source", "\"cash\""), ("source", "1"), ("source", "\"\""),
            ("kinship", "\"cousin\""), ("kinship", "\"PARENT\""), ("kinship", "0"), ("kinship", "\"parent, child\""),
            .. BadAmounts]);
        AddAll(all, "POST", "/v1/persons/giver/credits", Credit, [
            ("id", "\"\""), ("id", "null"), ("period", "\"2024-13\""), ("period", "\"2024-00\""), ("period", "\"2024-1\""), ("period", "\"202412\""),
            ("period", "\"2024-12-01\""), ("period", "202412"), ("period", "\"0000-01\""), ("period", "\"0001-01\""), ("period", "\"1999-12\""), ("period", "\"2201-01\""), ("period", "\"9999-12\""), ("period", "\"２０２４-12\""), .. BadAmounts]);
        AddAll(all, "PUT", "/v1/persons/giver", Person, [
            ("region", "\"32050\""), ("region", "320500"), ("region", "\"3205000\""), ("region", "\"03205a\""), ("region", "\"\""),
            ("insurance", "\"retired\""), ("insurance", "\"EMPLOYEE\""), ("insurance", "1"), ("status", "\"paused\""), ("status", "true"),
            ("fromRegion", "\"Suzhou\""), ("fromRegion", "320500"), ("fromRegion", "\"\"")]);
        AddAll(all, "POST", "/v1/persons/giver/wallet", Wallet, [
            ("usePlace", "\"x\""), ("usePlace", "null"), ("autoAccept", "\"true\""), ("autoAccept", "1"), ("openedBy", "\"a b\""), ("openedBy", "9")]);
        AddAll(all, "POST", $"/v1/transfers/{Id}/accept", End, [("by", "\"\""), ("by", "null"), ("by", "1"), ("by", "\"a,b\"")]);
        AddAll(all, "POST", "/v1/payments", Payment, [
            ("id", "\"x\""), ("person", "\"a b\""), ("person", "7"), ("institution", "\"\""), ("institution", "\"H-1\""), ("institution", "\"H410100000010000000000000000001\""), ("institution", "1"),
            ("sources", "[]"), ("sources", "[\"cash\"]"), ("sources", "[\"wallet\",\"wallet\"]"), ("sources", "\"wallet\""), ("sources", "[1]"), ("sources", "[null]"),
            ("allowCash", "\"true\""), ("allowCash", "1"), .. BadAmounts]);
        AddAll(all, "POST", $"/v1/payments/{Id}/refunds", Refund, [("id", "\"\""), ("id", "1"), .. BadAmounts]);
        AddAll(all, "POST", "/v1/contributions", Contribution, [
            ("id", "null"), ("payer", "\"\""), ("beneficiary", "\"a,b\""), ("scheme", "\"resident\""), ("scheme", "1"), ("year", "2002"), ("year", "2201"), ("year", "\"2025\""), ("year", "2025.5"),
            ("sources", "[\"relatives\"]"), ("sources", "[\"x\"]"), .. BadAmounts]);
        AddAll(all, "PUT", "/v1/relations/giver/taker", Relation, [
            ("kinship", "\"cousin\""), ("kinship", "1"), ("quotaFen", "-1"), ("quotaFen", "1000000000001"), ("quotaFen", "\"5\""), ("quotaFen", "1.5")]);
        AddAll(all, "PUT", "/v1/persons/giver/relatives-order", Order, [
            ("order", "\"taker\""), ("order", "null"), ("order", "[1]"), ("order", "[null]"), ("order", "[\"a b\"]"), ("order", "[\"taker\",\"taker\"]"),
            ("order", $"[{string.Join(',', Enumerable.Range(0, 31).Select(number => $"\"p{number}\""))}]")]);
        AddAll(all, "PUT", "/v1/clock", Clock, [
            ("now", "\"2024-12-03\""), ("now", "\"2024-12-03T09:00:00\""), ("now", "\"2024-12-03 09:00:00+08:00\""), ("now", "1733187600"), ("now", "\"9999-12-31T23:59:59Z\""),
            ("now", "\"1999-01-01T00:00:00Z\""), ("now", "\"2024-02-30T00:00:00Z\""), ("now", "\"\"")]);
        return all;
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Body_with_a_bad_field_is_refused_naming_it(string method, string path, string body, string field)
    {
        Answer answer = await app.Http.SendAsync(new HttpMethod(method), path, Caller.Json(body));

        Expect.Problem(answer, 400, "malformed");
        Assert.Contains(field, answer.Field("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The body is empty: send a JSON object.")]
    [InlineData(" \t\r\n", "The body is empty: send a JSON object.")]
    [InlineData("7", "The body must be a JSON object, but is the number 7.")]
    [InlineData("\n{\"by\":}", "The body is not valid JSON at line 2, byte 7.")]
    [InlineData("// comment\n{\"by\":\"a\"}", "The body is not valid JSON at line 1, byte 1: comments are not taken.")]
    [InlineData("{\"by\":\"a\",}", "The body is not valid JSON at line 1, byte 11: a comma before a closing bracket is not taken.")]
    [InlineData("{\"a\":[[[[[[[[[[]]]]]]]]]]}", "The body is not valid JSON at line 1, byte 13: more than 8 levels are not taken.")]
    [InlineData("{\"by\":\"\\ud800\"}", "by has an escape that is not a character (an unpaired surrogate).")]
    [InlineData("{}", "by is missing: it must be a text like p-1.")]
    public async Task Body_that_cannot_be_read_is_answered_with_where_and_why(string body, string detail)
    {
        Answer answer = await app.Http.PostAsync($"/v1/transfers/{Id}/accept", body);

        Expect.Problem(answer, 400, "malformed");
        Assert.Equal(detail, answer.Field("detail"));
    }

    [Theory]
    [InlineData("transfers", "amountFen", "9223372036854775808", "amountFen must be between 1 and 1000000000000 fen, but is 9223372036854775808.")]
    [InlineData("transfers", "amountFen", "-9223372036854775809", "amountFen must be between 1 and 1000000000000 fen, but is -9223372036854775809.")]
    [InlineData("transfers", "amountFen", "0", "amountFen must be between 1 and 1000000000000 fen, but is 0.")]
    [InlineData("transfers", "amountFen", "1.5", "amountFen must be a whole number, without quotes, fraction or exponent, but is the number 1.5.")]
    [InlineData("transfers", "kinship", "", "kinship is missing: it must be one of spouse, parent, child, sibling, grandparent, grandchild.")]
    [InlineData("transfers", "kinship", "1", "kinship must be one of spouse, parent, child, sibling, grandparent, grandchild, but is the number 1.")]
    [InlineData("transfers", "kinship", "\"cousin\"", "kinship must be one of spouse, parent, child, sibling, grandparent, grandchild, but is \"cousin\".")]
    [InlineData("transfers", "source", "", "source is missing: it must be personal or wallet.")]
    [InlineData("transfers", "source", "null", "source is null: it must be personal or wallet.")]
    [InlineData("payments", "sources", "[]", "sources must name at least one of personal, wallet and relatives, but is \"[]\".")]
    [InlineData("payments", "sources", "[\"wallet\",\"wallet\"]", "sources must name each source once at most, but is \"wallet, wallet\".")]
    [InlineData("payments", "sources", "\"wallet\"", "sources must be a list, each of it personal or wallet or relatives, but is the text \"wallet\".")]
    [InlineData("contributions", "sources", "[\"relatives\"]", "sources must name personal or wallet alone where the contribution is another person's, but is \"relatives\".")]
    [InlineData("contributions", "year", "99999999999", "year must be between 2003 and 2200, but is 99999999999.")]
    public async Task Field_that_is_wrong_is_answered_with_what_it_must_be(string call, string field, string value, string detail)
    {
        JsonObject body = JsonNode.Parse(call switch { "transfers" => Transfer, "payments" => Payment, _ => Contribution })!.AsObject();
        body.Remove(field);
        string json = body.ToJsonString(Plain);

        Answer answer = await app.Http.PostAsync($"/v1/{call}", value.Length == 0 ? json : $$"""{{json[..^1]}},"{{field}}":{{value}}}""");

        Expect.Problem(answer, 400, "malformed");
        Assert.Equal(detail, answer.Field("detail"));
    }

    [Fact]
    public async Task Day_that_is_left_out_of_a_query_is_called_missing()
    {
        Answer answer = await app.Http.GetAsync("/v1/stats/aid?to=2024-12-02");

        Expect.Problem(answer, 400, "malformed");
        Assert.Equal("from is missing: it must be a day like 2024-12-02, in the years 2000 to 2200.", answer.Field("detail"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{} {}")]
    [InlineData("{'id':1}")]
    [InlineData("{\"id\":}")]
    [InlineData("// comment\n{}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}")]
    [InlineData("NaN")]
    [InlineData("\uFEFF\uFEFF{}")]
    public async Task Body_that_is_no_json_object_is_refused_by_every_call(string body)
    {
        foreach ((string method, string path, _) in Calls)
        {
            Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, Caller.Json(body)), 400, "malformed");
        }
    }

    [Fact]
    public async Task Byte_order_mark_at_the_very_beginning_is_passed_over()
    {
        string person = await app.NewPersonAsync();
        string credit = $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":5,"period":"2024-12"}""";
        string line = $$"""{"person":"{{person}}","id":"{{Guid.CreateVersion7()}}","amountFen":7,"period":"2024-12"}""";

        Answer one = await app.Http.PostAsync($"/v1/persons/{person}/credits", "\uFEFF" + credit);
        Answer many = await app.Http.SendAsync(
            HttpMethod.Post, "/v1/credits", Caller.Bytes(System.Text.Encoding.UTF8.GetBytes($"\uFEFF{line}\n\uFEFF{line}\n"), "application/x-ndjson"));

        Assert.Equal(201, one.Status);
        Assert.Equal([201, 400], many.Lines.Select(answer => (int)answer["status"]!));
        Assert.Equal((12, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Body_with_a_trailing_comma_comment_or_duplicate_is_refused_by_every_call()
    {
        foreach ((string method, string path, string body) in Calls)
        {
            string firstField = body[1..^1].Split(',')[0];
            foreach (string bad in new[] { body[..^1] + ",}", body[..^1] + "/* */}", $"{{{firstField},{body[1..]}" })
            {
                Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, Caller.Json(bad)), 400, "malformed");
            }
        }
    }

    [Fact]
    public async Task Body_with_an_unknown_field_is_refused_naming_it_by_every_call()
    {
        foreach ((string method, string path, string body) in Calls)
        {
            foreach (string unknown in new[] { "note", "Id", "__proto__", "$type" })
            {
                Answer answer = await app.Http.SendAsync(new HttpMethod(method), path, Caller.Json($$"""{{body[..^1]}},"{{unknown}}":1}"""));
                Expect.Problem(answer, 400, "malformed");
                Assert.Contains(unknown, answer.Field("detail"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Body_that_is_not_utf8_is_refused_by_every_call()
    {
        foreach ((string method, string path, string body) in Calls)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(body);
            byte[] broken = [.. utf8[..^2], 0xC3, 0x28, .. utf8[^2..]];
            foreach (byte[] bytes in new[] { broken, Encoding.Unicode.GetBytes(body), [0xFF, 0xFE, 0x00], [.. utf8, 0x00] })
            {
                Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, Caller.Bytes(bytes, "application/json")), 400, "malformed");
            }
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=gb18030")]
    [InlineData(null)]
    public async Task Body_of_another_media_type_is_refused_by_every_call(string? mediaType)
    {
        foreach ((string method, string path, string body) in Calls)
        {
            Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, Caller.Bytes(Encoding.UTF8.GetBytes(body), mediaType)), 415, "malformed");
        }
    }

    [Fact]
    public async Task Body_that_is_compressed_is_refused()
    {
        ByteArrayContent content = Caller.Json(Transfer);
        content.Headers.ContentEncoding.Add("gzip");

        Expect.Problem(await app.Http.SendAsync(HttpMethod.Post, "/v1/transfers", content), 415, "malformed");
    }

    [Fact]
    public async Task Body_as_json_with_utf8_charset_is_taken()
    {
        Answer answer = await app.Http.SendAsync(HttpMethod.Put, "/v1/persons/charset", Caller.Bytes(Encoding.UTF8.GetBytes(Person), "application/json; charset=UTF-8"));

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData(false, 1_048_577)]
    [InlineData(true, 1_048_577)]
    [InlineData(false, 5_000_000)]
    [InlineData(true, 5_000_000)]
    public async Task Body_over_one_megabyte_is_refused_by_every_call(bool chunked, int length)
    {
        foreach ((string method, string path, string body) in Calls)
        {
            byte[] padded = Encoding.UTF8.GetBytes(body.PadRight(length));
            using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = Caller.Bytes(padded, "application/json") };
            request.Headers.TransferEncodingChunked = chunked;

            Expect.Problem(await app.Http.SendAsync(request), 413, "too-large");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_of_exactly_one_megabyte_is_read(bool chunked)
    {
        byte[] padded = Encoding.UTF8.GetBytes(Person.PadRight(1_048_576));
        using HttpRequestMessage request = new(HttpMethod.Put, "/v1/persons/megabyte") { Content = Caller.Bytes(padded, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        Assert.Equal(200, (await app.Http.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("0001-01")]
    [InlineData("1999-12")]
    [InlineData("2201-01")]
    [InlineData("9999-12")]
    public async Task Month_outside_the_calendar_is_refused(string month)
    {
        foreach (Answer answer in new[]
        {
            await app.Http.GetAsync($"/v1/clearing/statements/{month}"),
            await app.Http.PostAsync($"/v1/clearing/statements/{month}/signatures", """{"province":"32"}"""),
        })
        {
            Expect.Problem(answer, 400, "malformed");
            Assert.Contains("month must be a month like 2024-12, in the years 2000 to 2200", answer.Field("detail"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/transfers/{0}")]
    [InlineData("POST", "/v1/transfers/{0}/accept")]
    [InlineData("GET", "/v1/payments/{0}")]
    [InlineData("POST", "/v1/payments/{0}/refunds")]
    public async Task Id_in_a_path_with_white_space_around_it_is_refused_as_in_a_body(string method, string path)
    {
        string body = path.EndsWith("accept", StringComparison.Ordinal) ? End : Refund;
        foreach (string id in new[] { $"{Id}%20", $"%20{Id}", $"%09{Id}", $"{Id}%0A", $"{Id}%C2%A0" })
        {
            string address = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id);
            Answer answer = await app.Http.SendAsync(new HttpMethod(method), address, method == "POST" ? Caller.Json(body) : null);

            Expect.Problem(answer, 400, "malformed");
        }
    }

    [Theory]
    [InlineData("GET", "/v1")]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("POST", "/v2/transfers")]
    [InlineData("POST", "/v1/transfers/" + Id + "/undo")]
    [InlineData("GET", "/v1/persons")]
    [InlineData("GET", "/v1/persons/a/b/c")]
    [InlineData("GET", "/openapi/v2.json")]
    public async Task Route_that_is_not_there_is_not_found(string method, string path) =>
        Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, null), 404, "no-such-route");

    [Theory]
    [InlineData("GET", "/v1/transfers")]
    [InlineData("DELETE", "/v1/persons/p-1")]
    [InlineData("PATCH", "/v1/regions/320500")]
    [InlineData("PUT", "/v1/transfers/" + Id + "/accept")]
    [InlineData("POST", "/v1/audit")]
    public async Task Method_that_a_route_does_not_take_is_refused(string method, string path) =>
        Expect.Problem(await app.Http.SendAsync(new HttpMethod(method), path, null), 405, "method-not-allowed");

    [Fact]
    public async Task Host_of_another_name_is_refused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/regions/320500");
        request.Headers.Host = "rebound.example";

        Expect.Problem(await app.Http.SendAsync(request), 400, "malformed");
    }

    private static (string, string)[] BadAmounts =>
    [
        ("amountFen", "0"), ("amountFen", "-1"), ("amountFen", "1.5"), ("amountFen", "1.0"), ("amountFen", "1e3"), ("amountFen", "\"100\""), ("amountFen", "null"),
        ("amountFen", "true"), ("amountFen", "1000000000001"), ("amountFen", "9223372036854775807"), ("amountFen", "9223372036854775808"),
        ("amountFen", "-9223372036854775808"), ("amountFen", "1e400"), ("amountFen", "[1]"), ("amountFen", "{}"), ("amountFen", new string('9', 10_000)),
    ];

    private static (string Method, string Path, string Body)[] Calls =>
    [
        ("POST", "/v1/transfers", Transfer), ("POST", "/v1/persons/giver/credits", Credit), ("PUT", "/v1/persons/giver", Person), ("POST", "/v1/persons/giver/wallet", Wallet),
        ("POST", $"/v1/transfers/{Id}/accept", End), ("POST", $"/v1/transfers/{Id}/reject", End), ("POST", $"/v1/transfers/{Id}/cancel", End),
        ("POST", "/v1/payments", Payment), ("POST", $"/v1/payments/{Id}/refunds", Refund), ("POST", "/v1/contributions", Contribution), ("PUT", "/v1/relations/giver/taker", Relation),
        ("PUT", "/v1/persons/giver/relatives-order", Order), ("PUT", "/v1/clock", Clock), ("PUT", "/v1/regions/320500", Region),
    ];

    private static string Transfer => $$"""{"id":"{{Id}}","payer":"giver","payee":"taker","source":"personal","amountFen":100,"kinship":"parent"}""";

    private static string Credit => $$"""{"id":"{{Id}}","amountFen":100,"period":"2024-12"}""";

    private static string Person => """{"region":"320500","insurance":"employee","status":"active"}""";

    private static string Wallet => """{"usePlace":"320500","autoAccept":false,"openedBy":"taker"}""";

    private static string End => """{"by":"taker"}""";

    private static string Payment => $$"""{"id":"{{Id}}","person":"giver","institution":"H41010000001","amountFen":100,"sources":["personal"],"allowCash":false}""";

    private static string Refund => $$"""{"id":"{{Id}}","amountFen":100}""";

    private static string Contribution =>
        $$"""{"id":"{{Id}}","payer":"giver","beneficiary":"taker","scheme":"resident-medical","year":2025,"amountFen":100,"sources":["personal"]}""";

    private static string Relation => """{"kinship":"parent","quotaFen":100}""";

    private static string Order => """{"order":[]}""";

    private static string Clock => """{"now":"2024-12-03T09:00:00+08:00"}""";

    private static string Region => """{"name":"x","rules":{}}""";

    /// <summary>Adds the good body with each bad value in place of a good one, and without each required field.</summary>
    private static void AddAll(TheoryData<string, string, string, string> all, string method, string path, string good, (string Field, string Value)[] bad)
    {
        foreach ((string field, string value) in bad)
        {
            JsonObject body = JsonNode.Parse(good)!.AsObject();
            body[field] = "HERE";
            all.Add(method, path, body.ToJsonString(Plain).Replace("\"HERE\"", value, StringComparison.Ordinal), field);
        }

        foreach (string field in JsonNode.Parse(good)!.AsObject().Select(property => property.Key).Except(["autoAccept", "openedBy", "rules", "sources", "allowCash", "quotaFen", "fromRegion"]))
        {
            JsonObject body = JsonNode.Parse(good)!.AsObject();
            body.Remove(field);
            all.Add(method, path, body.ToJsonString(Plain), field);
        }
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An app with two people, whose accounts must end as they began.</summary>
    public sealed class App : RunningApp, IAsyncLifetime
    {
        private string _giver = string.Empty;
        private string _taker = string.Empty;

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            foreach (string person in new[] { "giver", "taker" })
            {
                await Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"active"}""");
                await Http.PostAsync($"/v1/persons/{person}/wallet", """{"usePlace":"320500"}""");
                await CreditAsync(person, Guid.CreateVersion7(), 1_000_000);
            }

            _giver = (await Http.GetAsync("/v1/persons/giver")).Text;
            _taker = (await Http.GetAsync("/v1/persons/taker")).Text;
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            Answer giver = await Http.GetAsync("/v1/persons/giver");
            Answer taker = await Http.GetAsync("/v1/persons/taker");
            Answer region = await Http.GetAsync("/v1/regions/320500");
            await DisposeAsync();
            Assert.Equal(_giver, giver.Text);
            Assert.Equal(_taker, taker.Text);
            Assert.Equal("true", region.Field("rules.live.sameRegion"));
        }
    }
}
