using System.Text;
using Gongji.Api.Signing;
using Gongji.Api.Tests.Support;
using Gongji.Client;
using Gongji.TestKit;

namespace Gongji.Api.Tests.Signing;

/// <summary>The requirements for a signature, over HTTP.</summary>
public sealed class SignedCallTests(SignedApp app) : IClassFixture<SignedApp>
{
    private const string Region = "/v1/regions/320500";

    public static TheoryData<string> RuledEndpoints => [.. EndpointTable.Expected.Where(entry => !entry.Value.IsOpen).Select(entry => entry.Key)];

    [Theory]
    [MemberData(nameof(RuledEndpoints))]
    public async Task Call_without_signature_is_refused_by_every_endpoint_that_has_a_rule(string endpoint)
    {
        using Caller caller = app.ByHand();
        using HttpRequestMessage request = EndpointTable.RequestTo(app.Address, endpoint);

        Answer answer = await caller.SendAsync(request);

        Expect.Problem(answer, 401, "unsigned");
        Assert.Contains("@target-uri", answer.Response.Headers.GetValues("Accept-Signature").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Page_needs_no_signature(string path)
    {
        using Caller caller = app.ByHand();

        Assert.Equal(200, (await caller.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Call_signed_with_either_kind_of_key_is_taken()
    {
        foreach (TestGateway gateway in new[] { TestGateways.Nation, TestGateways.NationByKeyPair })
        {
            using Caller caller = app.As(gateway);
            Assert.Equal(200, (await caller.GetAsync($"{Region}?x=%7e%2F&y=a+b")).Status);
            Assert.Equal(200, (await caller.PutAsync("/v1/persons/signed-1", """{"region":"320500","insurance":"employee","status":"active"}""")).Status);
            Assert.Equal(404, (await caller.SendAsync(HttpMethod.Delete, "/v1/persons/nobody/wallet", null)).Status);
        }
    }

    [Fact]
    public async Task Signature_may_cover_more_and_use_the_longer_digest()
    {
        const string json = """{"region":"320500","insurance":"employee","status":"active"}""";
        HandSigned request = app.Request(HttpMethod.Put, "/v1/persons/signed-2?q=1", json) with
        {
            Covered = ["content-type", "@path", "@query", "@authority", "@scheme", "content-digest", "@target-uri", "@method"],
            Others = new()
            {
                ["content-type"] = "application/json",
                ["@path"] = "/v1/persons/signed-2",
                ["@query"] = "?q=1",
                ["@authority"] = app.Address.Authority,
                ["@scheme"] = "http",
            },
            Digest = $"sha-512=:{Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(Encoding.UTF8.GetBytes(json)))}:",
        };

        Answer answer = await SendAsync(request);

        Assert.True(answer.Status == 200, answer.Text);
    }

    [Fact]
    public async Task Signature_used_again_is_refused_with_the_same_nonce_of_another_signature_too()
    {
        HandSigned first = app.Request(HttpMethod.Get, Region);
        Assert.Equal(200, (await SendAsync(first)).Status);

        Expect.Problem(await SendAsync(first), 401, "replayed-signature");
        Expect.Problem(await SendAsync(first with { Expires = first.Expires + 7 }), 401, "replayed-signature");
        Assert.Equal(200, (await SendAsync(first with { Key = TestGateways.Henan.Key, KeyId = "henan" })).Status);
    }

    [Fact]
    public async Task Forged_call_does_not_use_a_nonce_up()
    {
        HandSigned right = app.Request(HttpMethod.Get, Region);

        Expect.Problem(await SendAsync(right with { Key = TestGateways.Henan.Key }), 401, "bad-signature");
        Assert.Equal(200, (await SendAsync(right)).Status);
    }

    [Fact]
    public async Task Call_changed_on_the_way_is_refused_and_acted_upon_in_no_part()
    {
        const string json = """{"region":"320500","insurance":"employee","status":"active"}""";
        HandSigned right = app.Request(HttpMethod.Put, "/v1/persons/tampered", json);
        Dictionary<string, Action<HttpRequestMessage>> changes = new()
        {
            ["body"] = request => request.Content = Caller.Json(json.Replace("320500", "320100", StringComparison.Ordinal)),
            ["longer body"] = request => request.Content = Caller.Json(json + " "),
            ["no body"] = request => request.Content = Caller.Json(string.Empty),
            ["path"] = request => request.RequestUri = new Uri(app.Address, "/v1/persons/tampered-2"),
            ["query"] = request => request.RequestUri = new Uri(app.Address, "/v1/persons/tampered?x=1"),
            ["host"] = request => request.Headers.Host = "other.example",
            ["digest"] = request => Set(request, "Content-Digest", ContentDigests.Of("{}"u8)),
            ["no digest"] = request => request.Headers.Remove("Content-Digest"),
            ["digest of a kind nobody knows"] = request => Set(request, "Content-Digest", "md5=:AAAA:"),
            ["digest too short"] = request => Set(request, "Content-Digest", "sha-256=:AAAA:"),
            ["signature"] = request => Set(request, "Signature", $"by-hand=:{Convert.ToBase64String(new byte[32])}:"),
            ["short signature"] = request => Set(request, "Signature", "by-hand=:AAAA:"),
            ["no signature"] = request => request.Headers.Remove("Signature"),
            ["no input"] = request => request.Headers.Remove("Signature-Input"),
            ["label"] = request => Set(request, "Signature", $"other=:{Convert.ToBase64String(new byte[32])}:"),
            ["signature that is a text"] = request => Set(request, "Signature", "by-hand=\"x\""),
            ["second signature"] = request => request.Headers.TryAddWithoutValidation("Signature", "more=:AAAA:"),
            ["unreadable input"] = request => Set(request, "Signature-Input", "by-hand=(\"@method\""),
        };
        using Caller caller = app.ByHand();
        foreach ((string change, Action<HttpRequestMessage> apply) in changes)
        {
            using HttpRequestMessage request = (right with { Nonce = Guid.NewGuid().ToString() }).ToRequest();
            apply(request);
            Answer answer = await caller.SendAsync(request);
            Assert.True(answer.Status == 401 && answer.Code == "bad-signature", $"{change}: {answer.Status} {answer.Text}");
            Expect.Problem(answer, 401, "bad-signature");
        }

        using HttpRequestMessage otherMethod = (app.Request(HttpMethod.Get, "/v1/persons/tampered/wallet") with { Nonce = Guid.NewGuid().ToString() }).ToRequest();
        otherMethod.Method = HttpMethod.Delete;
        Expect.Problem(await caller.SendAsync(otherMethod), 401, "bad-signature");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/tampered"), 404, "no-such-person");
        Expect.Problem(await app.Http.GetAsync("/v1/persons/tampered-2"), 404, "no-such-person");
    }

    [Theory]
    [InlineData("Signature-Input", "", "Signature-Input is missing.")]
    [InlineData("Signature", "", "Signature is missing.")]
    [InlineData("Signature", "a=:AAAA:, b=:AAAA:", "Signature has 2 signatures; send one.")]
    [InlineData("Signature-Input", "by-hand=(", "Signature-Input: ")]
    public async Task Field_of_a_signature_that_is_missing_or_cannot_be_read_is_named(string field, string value, string start)
    {
        using HttpRequestMessage request = app.Request(HttpMethod.Get, Region).ToRequest();
        request.Headers.Remove(field);
        if (value.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(field, value);
        }

        using Caller caller = app.ByHand();
        Answer answer = await caller.SendAsync(request);

        Expect.Problem(answer, 401, "bad-signature");
        Assert.StartsWith(start, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@method", "@target-uri", "content-digest")]
    [InlineData("@target-uri", "@method", "content-digest")]
    [InlineData("content-digest", "@method", "@target-uri")]
    public async Task Component_that_is_not_covered_is_named(string missing, params string[] covered)
    {
        Answer answer = await SendAsync(app.Request(HttpMethod.Put, "/v1/persons/uncovered", "{}") with { Covered = covered });

        Expect.Problem(answer, 401, "bad-signature");
        Assert.Contains($"\"{missing}\"", answer.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("created", ";expires=1;nonce=\"n-123456\";keyid=\"nation\";alg=\"hmac-sha256\"")]
    [InlineData("created", ";created=\"1\";expires=1;nonce=\"n-123456\";keyid=\"nation\";alg=\"hmac-sha256\"")]
    [InlineData("expires", ";created=1;nonce=\"n-123456\";keyid=\"nation\";alg=\"hmac-sha256\"")]
    [InlineData("nonce", ";created=1;expires=2;keyid=\"nation\";alg=\"hmac-sha256\"")]
    [InlineData("nonce", ";created=1;expires=2;nonce=\"\";keyid=\"nation\";alg=\"hmac-sha256\"")]
    [InlineData("keyid", ";created=1;expires=2;nonce=\"n-123456\";alg=\"hmac-sha256\"")]
    [InlineData("alg", ";created=1;expires=2;nonce=\"n-123456\";keyid=\"nation\"")]
    [InlineData("alg", ";created=1;expires=2;nonce=\"n-123456\";keyid=\"nation\";alg=\"rsa-pss-sha512\"")]
    [InlineData("alg", ";created=1;expires=2;nonce=\"n-123456\";keyid=\"nation\";alg=\"ecdsa-p256-sha256\"")]
    [InlineData("keyid", ";created=1;expires=2;nonce=\"n-123456\";keyid=\"unheard-of\";alg=\"hmac-sha256\"")]
    [InlineData("twice", ";created=1;created=1;expires=2;nonce=\"n-123456\";keyid=\"nation\";alg=\"hmac-sha256\"")]
    public async Task Parameter_that_is_missing_or_wrong_is_named(string says, string parameters)
    {
        Answer answer = await SendAsync(app.Request(HttpMethod.Get, Region) with { Parameters = parameters });

        Expect.Problem(answer, 401, "bad-signature");
        Assert.Contains(says, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@query-param")]
    [InlineData("@request-target")]
    [InlineData("Content-Type")]
    [InlineData("@method")]
    [InlineData("x-not-there")]
    public async Task Component_that_cannot_be_reckoned_is_refused(string component)
    {
        HandSigned request = app.Request(HttpMethod.Get, Region) with
        {
            Covered = ["@method", "@target-uri", component],
            Others = new() { [component] = "x" },
        };

        Answer answer = await SendAsync(request);

        Expect.Problem(answer, 401, "bad-signature");
        Assert.Contains(component, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-70, "expires was")]
    [InlineData(40, "ahead")]
    public async Task Caller_whose_clock_is_wrong_is_told_so(int seconds, string says)
    {
        using Caller caller = app.As(TestGateways.Nation, new FakeClock(TimeProvider.System.GetUtcNow().AddSeconds(seconds)));

        Answer answer = await caller.GetAsync(Region);

        Expect.Problem(answer, 401, "expired-signature");
        Assert.Contains(says, answer.Field("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonce_may_be_as_short_as_one_character_and_is_good_once()
    {
        HandSigned request = app.Request(HttpMethod.Get, Region) with { Nonce = "7" };

        Assert.Equal(200, (await SendAsync(request)).Status);
        Expect.Problem(await SendAsync(request), 401, "replayed-signature");
    }

    [Fact]
    public async Task Signature_that_is_good_for_too_long_is_refused()
    {
        HandSigned right = app.Request(HttpMethod.Get, Region);

        Assert.Equal(200, (await SendAsync(right with { Expires = right.Created + 300 })).Status);
        Expect.Problem(await SendAsync(right with { Expires = right.Created + 301, Nonce = "another-nonce" }), 401, "expired-signature");
        Expect.Problem(await SendAsync(right with { Expires = right.Created, Nonce = "another-nonce" }), 401, "expired-signature");
    }

    [Theory]
    [InlineData(0, 60, 0, true)]
    [InlineData(0, 60, 60, true)]
    [InlineData(0, 60, 61, false)]
    [InlineData(0, 300, 1, true)]
    [InlineData(0, 301, 1, false)]
    [InlineData(30, 60, 0, true)]
    [InlineData(31, 60, 0, false)]
    [InlineData(60, 60, 0, false)]
    [InlineData(-999_999_999_999_999, -999_999_999_999_998, 0, false)]
    [InlineData(999_999_999_999_998, 999_999_999_999_999, 0, false)]
    public void Signature_is_good_from_its_creation_to_its_expiry_and_no_longer_than_five_minutes(long created, long expires, long now, bool isGood)
    {
        SignatureTerms terms = new(created, expires, "nonce", "key", SignatureAlgorithm.HmacSha256);

        Assert.Equal(isGood, terms.RefuseAt(DateTimeOffset.FromUnixTimeSeconds(now), TimeSpan.FromSeconds(30)) is null);
    }

    [Fact]
    public async Task Stream_of_lines_is_signed_like_any_body()
    {
        using Caller caller = app.As(TestGateways.Nation);
        string person = await app.NewPersonAsync();
        using ByteArrayContent lines = Caller.Bytes(Encoding.UTF8.GetBytes(Credit(person) + Credit(person)), "application/x-ndjson");

        Answer answer = await caller.SendAsync(HttpMethod.Post, "/v1/credits", lines);

        Assert.Equal([201, 201], answer.Lines.Select(line => (int)line["status"]!));
    }

    [Fact]
    public async Task Long_upload_acts_when_its_digest_is_right_and_in_no_line_when_it_is_not()
    {
        string person = await app.NewPersonAsync();
        byte[] body = Encoding.UTF8.GetBytes(Credit(person) + new string('\n', 4_000_000) + Credit(person));
        Assert.InRange(body.Length, 2 * 1_048_576, SignedApp.UploadBytes);
        using Caller caller = app.ByHand();
        for (int round = 0; round < 2; round++)
        {
            HandSigned signed = app.Request(HttpMethod.Post, "/v1/credits") with { Covered = ["@method", "@target-uri", "content-digest"], Digest = ContentDigests.Of(body) };
            using HttpRequestMessage request = signed.ToRequest();
            byte[] sent = [.. body];
            sent[^2] = round == 0 ? (byte)' ' : sent[^2];
            request.Content = Caller.Bytes(sent, "application/x-ndjson");
            if (round == 1)
            {
                request.Headers.TransferEncodingChunked = true;
            }

            Answer answer = await caller.SendAsync(request);

            if (round == 0)
            {
                Expect.Problem(answer, 401, "bad-signature");
            }
            else
            {
                Assert.Equal([201, 201], answer.Lines.Select(line => (int)line["status"]!));
            }

            Assert.Equal(round == 0 ? 0 : 10, (await app.Http.GetAsync($"/v1/persons/{person}")).Number("balances.personalFen"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_over_the_bound_is_too_large_and_the_room_is_free_again(bool isChunked)
    {
        using Caller caller = app.As(TestGateways.Nation);
        for (int round = 0; round < 2; round++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/credits") { Content = Caller.Bytes(Blank(SignedApp.UploadBytes + 1), "application/x-ndjson") };
            request.Headers.TransferEncodingChunked = isChunked;
            Expect.Problem(await caller.SendAsync(request), 413, "too-large");
        }

        using ByteArrayContent most = Caller.Bytes(Blank(SignedApp.UploadBytes), "application/x-ndjson");
        Answer answer = await caller.SendAsync(HttpMethod.Post, "/v1/credits", most);
        Assert.Equal((200, string.Empty), (answer.Status, answer.Text));

        static byte[] Blank(long length) => Encoding.ASCII.GetBytes(new string('\n', (int)length));
    }

    [Fact]
    public async Task Body_that_is_no_upload_is_too_large_over_a_mebibyte()
    {
        using Caller caller = app.As(TestGateways.Nation);

        Expect.Problem(await caller.PutAsync("/v1/persons/p", $$"""{"region":"{{new string('3', 2_000_000)}}"}"""), 413, "too-large");
    }

    [Fact]
    public async Task File_to_reconcile_is_signed_too()
    {
        using Caller caller = app.As(TestGateways.Nation);
        StringBuilder file = new("id,amountFen\n");
        for (int line = 0; line < 40_000; line++)
        {
            file.Append(Guid.CreateVersion7()).Append(",1\n");
        }

        using ByteArrayContent content = Caller.Bytes(Encoding.ASCII.GetBytes(file.ToString()), "text/csv");
        Answer answer = await caller.SendAsync(HttpMethod.Post, "/v1/reconciliation/410100/2024-12-02?limit=0", content);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(40_000, answer.Number("totals.onlyTheirs.count"));
    }

    [Fact]
    public async Task Events_are_listened_to_with_a_signature()
    {
        using HttpClient http = new(new SigningHandler(new RequestSigner(TestGateways.Jiangsu.Key, TimeProvider.System), new SocketsHttpHandler { UseProxy = false }));

        using HttpResponseMessage response = await http.GetAsync(new Uri(app.Address, "/v1/events?after=now"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private static string Credit(string person) => $$"""{"person":"{{person}}","id":"{{Guid.CreateVersion7()}}","amountFen":5,"period":"2024-12"}""" + "\n";

    private static void Set(HttpRequestMessage request, string field, string value)
    {
        request.Headers.Remove(field);
        request.Headers.TryAddWithoutValidation(field, value);
    }

    private async Task<Answer> SendAsync(HandSigned signed)
    {
        using Caller caller = app.ByHand();
        using HttpRequestMessage request = signed.ToRequest();
        return await caller.SendAsync(request);
    }
}
