using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>The commands as processes: what they print, and how they end.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Demo_plays_the_story_to_its_end()
    {
        (int exitCode, string output) = await ApiProcess.RunAsync("demo");

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("demo ok", output.TrimEnd(), StringComparison.Ordinal);
        foreach (string code in new[]
        {
            "amount-over-limit", "daily-count-exceeded", "previous-transfer-waiting", "outside-hours", "kinship-not-allowed",
            "wallet-not-open", "region-not-live", "idempotency-mismatch", "wrong-state", "unsigned", "bad-signature",
        })
        {
            Assert.Contains(code, output, StringComparison.Ordinal);
        }

        foreach (string step in new[]
        {
            "POST /v1/clearing/2024-12-02/close", "320500 owes 410100 900.00", "POST /v1/clearing/2024-12-02/settlements", "nothing is outstanding",
            "GET /v1/stats/aid?from=2024-12-02&to=2024-12-05", "GET /v1/events?after=0&province=41", "events in order",
        })
        {
            Assert.Contains(step, output, StringComparison.Ordinal);
        }

        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "gongji-demo-*"), directory => output.Contains(directory, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audit_of_a_sound_store_is_ok_even_while_it_is_in_use()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName);
        await FillAsync(process);

        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--data", data.FullName);

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("audit ok", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_of_a_store_whose_balance_was_changed_names_what_is_violated()
    {
        using TemporaryDirectory data = new();
        await using (ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName))
        {
            await FillAsync(process);
            process.Terminate();
            Assert.Equal(0, await process.WaitForExitAsync());
        }

        LedgerFile.Change(data.FullName, "DROP TRIGGER entries_never_updated; UPDATE entries SET personal_after_fen = personal_after_fen + 1 WHERE version = 2");
        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--data", data.FullName);

        Assert.True(exitCode == 1, output);
        Assert.Contains("audit FAILED: ", output, StringComparison.Ordinal);
        Assert.Contains("account-continuity", output[output.IndexOf("FAILED", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("hash-chain", output[output.IndexOf("FAILED", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_where_no_store_is_says_so_and_creates_none()
    {
        using TemporaryDirectory parent = new();
        string missing = Path.Combine(parent.FullName, "missing");

        (int exitCode, string output) = await ApiProcess.RunAsync("audit", "--data", missing);

        Assert.Equal(2, exitCode);
        Assert.Contains(missing, output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task OpenApi_prints_the_reviewed_document()
    {
        (int exitCode, string output) = await ApiProcess.RunAsync("openapi");

        Assert.Equal(0, exitCode);
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.v1.json"))).Trim().ReplaceLineEndings(), output.Trim().ReplaceLineEndings());
    }

    [Fact]
    public async Task Start_on_a_data_directory_in_use_says_so_in_one_line()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess first = await ApiProcess.ServeAsync("--data", data.FullName);

        (int exitCode, string output) = await ApiProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", data.FullName);

        Assert.Equal(2, exitCode);
        AssertOneLine(output, "in use by another process");
    }

    [Fact]
    public async Task Start_on_a_port_in_use_says_so_in_one_line()
    {
        using TemporaryDirectory data = new();
        using TemporaryDirectory other = new();
        await using ApiProcess first = await ApiProcess.ServeAsync("--data", data.FullName);

        (int exitCode, string output) = await ApiProcess.RunAsync("--urls", first.Address.ToString(), "--data", other.FullName);

        Assert.Equal(2, exitCode);
        AssertOneLine(output, "The address is in use");
        Assert.Empty(Directory.GetFileSystemEntries(other.FullName));
    }

    [Fact]
    public async Task Store_that_is_made_is_private_and_one_that_everybody_can_read_stays_so_with_a_warning()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryDirectory parent = new();
        string data = Path.Combine(parent.FullName, "data");
        File.SetUnixFileMode(parent.FullName, (UnixFileMode)0b111_101_101);
        await using (ApiProcess made = await ApiProcess.ServeAsync("--data", data))
        {
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(data));
            foreach (string file in Directory.GetFiles(data))
            {
                Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file));
            }

            Assert.DoesNotContain("chmod", made.Output, StringComparison.Ordinal);
            made.Terminate();
            Assert.Equal(0, await made.WaitForExitAsync());
        }

        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(LedgerFile.In(data), (UnixFileMode)0b110_100_100);
        await using ApiProcess again = await ApiProcess.ServeAsync("--data", data);

        Assert.Contains($"chmod 700 {data}", again.Output, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(LedgerFile.In(data)));
    }

    [Theory]
    [InlineData("not a loopback address", "--urls", "http://0.0.0.0:8080")]
    [InlineData("not a loopback address", "--urls", "http://127.0.0.1:0;http://192.0.2.1:1")]
    [InlineData("--gateways FILE", "--urls", "http://[::]:8080")]
    [InlineData("--unsigned takes calls from this machine only", "--urls", "http://0.0.0.0:8080", "--unsigned")]
    [InlineData("cannot be read", "--urls", "http://127.0.0.1:0", "--gateways", "/nowhere/gateways.json")]
    [InlineData("--public-url", "--urls", "http://127.0.0.1:0", "--public-url", "gongji.example")]
    [InlineData("--upload-mib", "--urls", "http://127.0.0.1:0", "--upload-mib", "0")]
    [InlineData("not a gateway's key file", "call", "GET", "/v1/regions", "--key", "/dev/null")]
    [InlineData("Could not find", "call", "GET", "/v1/regions", "--key", "/nowhere/key.json")]
    [InlineData("--key FILE names another", "call", "GET", "/v1/regions", "--key", "/nowhere/key.json")]
    [InlineData("--data @/nowhere/body.json: Could not find", "call", "PUT", "/v1/regions/320500", "--data", "@/nowhere/body.json")]
    [InlineData("--type", "call", "PUT", "/v1/regions/320500", "--data", "{}", "--type", "not a type")]
    [InlineData("https, which is not built", "--urls", "https://127.0.0.1:8443")]
    [InlineData("not a time with offset", "--clock", "yesterday")]
    [InlineData("not a connection string", "--urls", "http://127.0.0.1:0", "--postgres", "nonsense")]
    [InlineData("cannot be used", "--urls", "http://127.0.0.1:0", "--postgres", "Host=127.0.0.1;Port=1;Username=nobody")]
    [InlineData("--silo-address 'everywhere' is not an address", "--urls", "http://127.0.0.1:0", "--silo-address", "everywhere")]
    [InlineData("--silo-address '0.0.0.0' is not an address", "--urls", "http://127.0.0.1:0", "--silo-address", "0.0.0.0")]
    [InlineData("--silo-port must be from 1 to 65535", "--urls", "http://127.0.0.1:0", "--silo-port", "70000")]
    [InlineData("give --postgres too", "--urls", "http://127.0.0.1:0", "--silo-address", "10.0.0.5")]
    [InlineData("give --postgres too", "--urls", "http://127.0.0.1:0", "--silo-port", "18080")]
    [InlineData("--drain-delay must be from 0 to 600 seconds", "--urls", "http://127.0.0.1:0", "--drain-delay", "-5")]
    [InlineData("--drain-delay must be from 0 to 600 seconds", "--urls", "http://127.0.0.1:0", "--drain-delay", "601")]
    [InlineData("--log-format 'xml' is not known: give text or json", "--urls", "http://127.0.0.1:0", "--log-format", "xml")]
    [InlineData("--log-level 'loud' is not known: give debug,", "--urls", "http://127.0.0.1:0", "--log-level", "loud")]
    [InlineData("--clock-skew 'abc' is not a whole number", "--urls", "http://127.0.0.1:0", "--clock-skew", "abc")]
    [InlineData("--silo-port '9999999999' is not a whole number", "--urls", "http://127.0.0.1:0", "--silo-port", "9999999999")]
    [InlineData("--data '/dev/null' is no directory", "--urls", "http://127.0.0.1:0", "--data", "/dev/null")]
    [InlineData("The directory /proc/x cannot be made", "--urls", "http://127.0.0.1:0", "--data", "/proc/x")]
    [InlineData("--data '/dev/null' is no directory", "audit", "--data", "/dev/null")]
    [InlineData("The directory /proc/nope cannot be made", "--urls", "http://127.0.0.1:0", "--data", "/proc/nope")]
    [InlineData("for option: '--data'", "--data")]
    [InlineData("call needs METHOD", "call")]
    [InlineData("call needs PATH", "call", "GET")]
    [InlineData("not both", "--urls", "http://127.0.0.1:0", "--postgres", "Host=127.0.0.1", "--data", "x")]
    [InlineData("Unrecognized", "--bogus")]
    [InlineData("Unrecognized", "dance")]
    public async Task Start_that_cannot_be_says_what_to_do_without_a_stack_trace(string says, params string[] arguments)
    {
        (int exitCode, string output) = await ApiProcess.RunAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("for command:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_greets_with_address_store_runtime_and_a_first_call_to_try()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName, "--demo-regions", "--clock", "2024-12-02T09:00:00+08:00");
        using Caller caller = new(process.Address);

        Answer region = await caller.GetAsync("/v1/regions/410100");
        Answer clock = await caller.GetAsync("/v1/clock");

        Assert.Contains(data.FullName, process.Output, StringComparison.Ordinal);
        Assert.Contains("runtime", process.Output, StringComparison.Ordinal);
        Assert.Contains("UNSIGNED", process.Output, StringComparison.Ordinal);
        Assert.Equal(("true", "00:00", "00:00"), (region.Field("rules.live.crossProvince"), region.Field("rules.closedFrom"), region.Field("rules.closedUntil")));
        Assert.StartsWith("2024-12-02T09:0", clock.Field("now"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_is_JSON_with_dates_and_nothing_below_its_level_when_asked_for()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName, "--log-format", "json");
        process.Terminate();
        Assert.Equal(0, await process.WaitForExitAsync());
        await using ApiProcess quiet = await ApiProcess.ServeAsync("--data", data.FullName, "--log-format", "json", "--log-level", "warning");

        JsonNode[] lines = [.. process.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)];

        Assert.Contains(lines, line => (int)line["EventId"]! == 4002 && (string)line["LogLevel"]! == "Information");
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$", (string)line["Timestamp"]!));
        Assert.DoesNotContain(quiet.Output.Split('\n'), line => line.StartsWith('{'));
    }

    /// <summary>A user who follows the first five minutes starts the product again with the same options: what was set in between must stay.</summary>
    [Fact]
    public async Task Start_with_demo_regions_again_leaves_what_an_operator_has_set()
    {
        using TemporaryDirectory data = new();
        await using (ApiProcess first = await ApiProcess.ServeAsync("--data", data.FullName, "--demo-regions"))
        {
            using Caller caller = new(first.Address);
            string put = """{"name":"Zhengzhou","rules":{"maxTransfersPerDay":7,"netDebitCapFen":5000}}""";
            Assert.Equal(200, (await caller.PutAsync("/v1/regions/410100", put)).Status);

            // Sets the rules that a region has when nothing was ever set.
            Assert.Equal(200, (await caller.PutAsync("/v1/regions/410300", """{"name":"Luoyang","rules":{}}""")).Status);
            first.Terminate();
            Assert.Equal(0, await first.WaitForExitAsync());
        }

        await using ApiProcess second = await ApiProcess.ServeAsync("--data", data.FullName, "--demo-regions");
        using Caller again = new(second.Address);
        Answer set = await again.GetAsync("/v1/regions/410100");
        Answer cleared = await again.GetAsync("/v1/regions/410300");
        Answer left = await again.GetAsync("/v1/regions/320500");

        Assert.Equal(("Zhengzhou", "7", "5000", "false"), (set.Field("name"), set.Field("rules.maxTransfersPerDay"), set.Field("rules.netDebitCapFen"), set.Field("rules.live.crossProvince")));
        Assert.Equal("false", cleared.Field("rules.live.crossProvince"));
        Assert.Equal("true", left.Field("rules.live.crossProvince"));
    }

    [Fact]
    public async Task Start_without_configuration_takes_calls_signed_with_the_key_that_it_prints_and_keeps()
    {
        using TemporaryDirectory data = new();
        string file = Path.Combine(data.FullName, "development-gateway.json");
        string first;
        await using (ApiProcess process = await ApiProcess.ServeSignedAsync("--data", data.FullName))
        {
            using Caller unsigned = new(process.Address);
            Expect.Problem(await unsigned.GetAsync("/v1/regions/320500"), 401, "unsigned");
            Assert.Equal(200, (await unsigned.GetAsync("/health/ready")).Status);

            (int exitCode, string output) = await CallAsync(process, file, "PUT", "/v1/persons/p-1", "--data", """{"region":"320500","insurance":"employee","status":"active"}""");
            Assert.True(exitCode == 0, output);
            Assert.Contains("\"person\":\"p-1\"", output, StringComparison.Ordinal);
            string body = Path.Combine(data.FullName, "body.json");
            await File.WriteAllTextAsync(body, """{"usePlace":"320500"}""");
            (exitCode, output) = await CallAsync(process, file, "POST", "/v1/persons/p-1/wallet", "--data", $"@{body}");
            Assert.True(exitCode == 0, output);
            (exitCode, output) = await CallAsync(process, file, "get", "/v1/persons/p-2");
            Assert.True(exitCode == 1, output);
            Assert.Contains("no-such-person", output, StringComparison.Ordinal);

            string[] credit = ["POST", "/v1/persons/p-1/credits", "--data", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}"""];
            Assert.DoesNotContain("Idempotent-Replay", (await CallAsync(process, file, credit)).Output, StringComparison.Ordinal);
            Assert.Contains("Idempotent-Replay: true", (await CallAsync(process, file, credit)).Output, StringComparison.Ordinal);

            first = await File.ReadAllTextAsync(file);
            Assert.Contains(JsonNode.Parse(first)!["secret"]!.ToString(), process.Output, StringComparison.Ordinal);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            process.Terminate();
            Assert.Equal(0, await process.WaitForExitAsync());
        }

        await using ApiProcess again = await ApiProcess.ServeSignedAsync("--data", data.FullName);
        Assert.Equal(first, await File.ReadAllTextAsync(file));
        Assert.Equal(0, (await CallAsync(again, file, "GET", "/v1/persons/p-1")).ExitCode);
    }

    [Fact]
    public async Task Start_with_a_file_of_gateways_takes_their_keys_and_warns_of_others_who_can_read_it()
    {
        using TemporaryDirectory data = new();
        (string file, string key) = (Path.Combine(data.FullName, "gateways.json"), Path.Combine(data.FullName, "key.json"));
        string secret = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(file, $$"""{"gateways":[{"keyId":"henan-1","alg":"hmac-sha256","secret":"{{secret}}","roles":["gateway"],"provinces":["41"]}]}""");
        await File.WriteAllTextAsync(key, $$"""{"keyId":"henan-1","secret":"{{secret}}"}""");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        await using ApiProcess process = await ApiProcess.ServeSignedAsync("--data", data.FullName, "--gateways", file);

        (int exitCode, string output) = await CallAsync(process, key, "PUT", "/v1/persons/p-1", "--data", """{"region":"320500","insurance":"employee","status":"active"}""");

        Assert.True(exitCode == 1, output);
        Assert.Contains("outside-scope", output, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || process.Output.Contains("chmod", StringComparison.Ordinal), process.Output);
        Assert.DoesNotContain(secret, process.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data.FullName, "development-gateway.json")));
    }

    private static Task<(int ExitCode, string Output)> CallAsync(ApiProcess process, string key, params string[] arguments) =>
        ApiProcess.RunAsync(["call", .. arguments, "--url", process.Address.ToString(), "--key", key]);

    private static async Task FillAsync(ApiProcess process)
    {
        using Caller caller = new(process.Address);
        Assert.Equal(200, (await caller.PutAsync("/v1/persons/p-1", """{"region":"320500","insurance":"employee","status":"active"}""")).Status);
        Assert.Equal(201, (await caller.PostAsync("/v1/persons/p-1/credits", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":100,"period":"2024-12"}""")).Status);
    }

    private static void AssertOneLine(string output, string says)
    {
        string line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.Contains(" info: ", StringComparison.Ordinal));
        Assert.Contains(says, line, StringComparison.Ordinal);
    }
}
