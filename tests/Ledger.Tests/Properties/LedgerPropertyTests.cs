using FsCheck;
using FsCheck.Fluent;
using Gongji.Ledger.Audit;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace Gongji.Ledger.Tests;

/// <summary>
/// Invariants 1 to 4 and 6 over random sequences of commands. A failure prints the shrunk sequence and its seed. To run it again:
/// <c>GONGJI_REPLAY=seed,gamma dotnet test</c>.
/// </summary>
public sealed class LedgerPropertyTests(ITestOutputHelper output)
{
    private const int ScenariosPerRun = 720;

    [Fact]
    public void Random_commands_keep_every_invariant_after_each_of_them()
    {
        int commands = 0;
        int appended = 0;
        int cameBackLater = 0;
        Dictionary<EntryKind, int> kinds = [];
        Dictionary<(StepKind Kind, RefusalCode Code), int> refusals = [];
        Check.One(Configuration(ScenariosPerRun), Prop.ForAll(ScenarioGen.Scenarios, scenario =>
        {
            ScenarioRun run = new();
            run.Run(scenario);
            AuditReport report = LedgerImage.Of(run.Ledger.Entries).Audit();
            Assert.Empty(report.Invariants.SelectMany(invariant => invariant.Violations));
            commands += scenario.Steps.Count;
            appended += run.Appended;
            cameBackLater += run.CameBackLater;
            run.Refusals.ToList().ForEach(pair => refusals[pair.Key] = refusals.GetValueOrDefault(pair.Key) + pair.Value);
            run.Ledger.Entries.ForEach(entry => kinds[entry.Kind] = kinds.GetValueOrDefault(entry.Kind) + 1);
        }));

        output.WriteLine($"{cameBackLater} times money of an earlier relation came back.");
        output.WriteLine($"{commands} commands, {appended} entries: {string.Join(", ", kinds.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}"))}");
        Assert.True(commands >= 100_000, $"{commands} commands ran; 100,000 are asked for.");
        output.WriteLine(string.Join("\n", refusals.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key.Kind} refused {pair.Key.Code} {pair.Value}")));

        // Random sequences prove nothing about what they never reach.
        Assert.True(cameBackLater > 20, $"Money of an earlier relation came back {cameBackLater} times.");

        // Entries of the clearing are on accounts that belong to no person; they have their own property tests.
        Assert.All(
            Enum.GetValues<EntryKind>().Where(kind => kind < EntryKind.DayClosed),
            kind => Assert.True(kinds.GetValueOrDefault(kind) > (kind < EntryKind.Paid ? 500 : 20), $"{kind} was reached {kinds.GetValueOrDefault(kind)} times."));
        Assert.True(refusals.Count(pair => pair.Key.Kind == StepKind.Hold && pair.Value > 20) >= 11, "Some refusal of a hold was hardly reached.");
    }

    [Fact]
    public void Forgotten_uniqueness_is_found_and_made_small()
    {
        Scenario? smallest = null;
        Exception failure = Assert.ThrowsAny<Exception>(() => Check.One(Configuration(100), Prop.ForAll(ScenarioGen.Scenarios, scenario =>
        {
            try
            {
                new ScenarioRun(forgetsUniqueness: true).Run(scenario);
            }
            catch (Exception)
            {
                // FsCheck continues from each failing sequence, so the last one is the smallest.
                smallest = scenario;
                throw;
            }
        })));

        output.WriteLine(failure.Message);
        Assert.Contains("seed of (", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{smallest}", failure.Message, StringComparison.Ordinal);
        Assert.InRange(smallest!.Steps.Count, 2, 15);
    }

    private static Config Configuration(int scenarios)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(scenarios).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("GONGJI_REPLAY") is not { Length: > 0 } replay)
        {
            return config;
        }

        ulong[] seed = [.. replay.Trim('(', ')').Split(',').Select(ulong.Parse)];
        return config.WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed[0], seed[1]), FSharpOption<int>.None)));
    }
}
