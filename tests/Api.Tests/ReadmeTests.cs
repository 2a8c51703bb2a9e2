using System.Text.RegularExpressions;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>The commands that the README tells a newcomer to type work as described.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task First_five_minutes_move_the_money_and_audit_it()
    {
        string commands = Blocks().Single(block => block.Contains("./run call", StringComparison.Ordinal));
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeSignedAsync("--demo-regions", "--data", data.FullName);

        string call = $"dotnet exec {Path.Combine(AppContext.BaseDirectory, "Gongji.Api.dll")} call --url {process.Address.GetLeftPart(UriPartial.Authority)}";
        (int exitCode, string output) = await Shell.RunAsync(
            commands.Replace("./run call", call, StringComparison.Ordinal).Replace("/tmp/gongji", data.FullName, StringComparison.Ordinal));

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"walletFen\":80000", output, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"receive\"", output, StringComparison.Ordinal);
        Assert.Contains("\"hash-chain\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"code\":", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_start_the_product_name_options_that_exist()
    {
        (int exitCode, string help) = await ApiProcess.RunAsync("--help");
        Assert.True(exitCode == 0, help);

        string[] options = [.. Blocks().SelectMany(block => block.Split('\n'))
            .Where(line => line.StartsWith("./run", StringComparison.Ordinal))
            .SelectMany(line => OptionName().Matches(line).Select(match => match.Value))];

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Blocks() =>
        ShellBlock().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"))).Select(match => match.Groups["code"].Value);

    [GeneratedRegex("```sh\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex OptionName();
}
