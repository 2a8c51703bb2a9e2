using FsCheck;
using FsCheck.Fluent;

namespace Gongji.Ledger.Tests;

/// <summary>Generates random sequences, and shrinks failing ones.</summary>
internal static class ScenarioGen
{
    public const int Persons = 8;
    public const int StepsPerScenario = 200;
    private const int OperationsAtOnce = 3;
    private const int StepsPerOperations = 12;

    public static Arbitrary<Scenario> Scenarios { get; } = Arb.From(Scenario(), Shrink);

    private static Gen<Scenario> Scenario() =>
        from setup in Setup()
        from steps in Gen.CollectToList(Enumerable.Range(0, StepsPerScenario - setup.Count), Step)
        select new Scenario([.. setup, .. steps]);

    /// <summary>Most persons begin registered, with a wallet and money; otherwise nearly every command would be refused.</summary>
    private static Gen<List<Step>> Setup() =>
        from steps in Gen.CollectToList(
            Enumerable.Range(0, Persons).SelectMany(person => new[] { (person, StepKind.Register), (person, StepKind.Wallet), (person, StepKind.Credit) })
                .Concat(Enumerable.Range(0, Persons).SelectMany(person => new[] { (person, StepKind.Propose), (person, StepKind.Consent) })),
            wanted => Gen.Choose(0, 15).SelectMany(luck => Step(luck == 0 ? StepKind.Reload : wanted.Item2, wanted.person)))
        select steps;

    private static Gen<Step> Step(StepKind kind, int person) =>
        from choice in Gen.Choose(0, 99)
        from other in Gen.Choose(0, Persons - 1)
        select new Step(kind, person, other, 1_000 + person, kind == StepKind.Propose ? 400_000 : 4_000_000, choice, ClockMove.Stay, 0);

    /// <summary>The ids of a step are few and advance with its place in the sequence, so that the parts of a transfer meet.</summary>
    private static Gen<Step> Step(int place) =>
        from kind in Kind
        from person in Gen.Choose(0, Persons - 1)
        from other in Gen.Choose(0, Persons - 1)
        from id in Gen.Frequency((3, Gen.Choose(OperationsAtOnce, 2 * OperationsAtOnce - 1)), (1, Gen.Choose(0, OperationsAtOnce - 1)))
        from amountFen in Amount
        from choice in Gen.Choose(0, 99)
        from clock in Clock
        from distance in Gen.Choose(1, 90)
        select new Step(kind, person, other, place / StepsPerOperations * OperationsAtOnce + id, amountFen, choice, clock, distance);

    private static Gen<StepKind> Kind { get; } = Gen.Frequency(
        (3, Gen.Constant(StepKind.Register)),
        (1, Gen.Constant(StepKind.Stop)),
        (3, Gen.Constant(StepKind.Resume)),
        (4, Gen.Constant(StepKind.Wallet)),
        (4, Gen.Constant(StepKind.Credit)),
        (34, Gen.Constant(StepKind.Hold)),
        (18, Gen.Constant(StepKind.Receive)),
        (7, Gen.Constant(StepKind.Decline)),
        (18, Gen.Constant(StepKind.Post)),
        (12, Gen.Constant(StepKind.Void)),
        (1, Gen.Constant(StepKind.StrayPost)),
        (1, Gen.Constant(StepKind.SetRules)),
        (3, Gen.Constant(StepKind.Reload)),
        (3, Gen.Constant(StepKind.CloseWallet)),
        (2, Gen.Constant(StepKind.Correct)),
        (8, Gen.Constant(StepKind.Propose)),
        (6, Gen.Constant(StepKind.Consent)),
        (2, Gen.Constant(StepKind.Dissolve)),
        (1, Gen.Constant(StepKind.Leave)),
        (2, Gen.Constant(StepKind.Order)),
        (3, Gen.Constant(StepKind.TellLeaving)),
        (12, Gen.Constant(StepKind.Pay)),
        (6, Gen.Constant(StepKind.Contribute)),
        (22, Gen.Constant(StepKind.GoOn)),
        (6, Gen.Constant(StepKind.Refund)),
        (8, Gen.Constant(StepKind.GoOnRefund)),
        (4, Gen.Constant(StepKind.Renew)));

    private static Gen<int> Amount { get; } = Gen.OneOf(
        Gen.Choose(1, 100), Gen.Choose(1, 5_000), Gen.Choose(101, 200_000), Gen.Elements(1, 4_999, 5_000, 5_001, 199_999, 200_000, 200_001, 500_000));

    private static Gen<ClockMove> Clock { get; } = Gen.Frequency(
        (60, Gen.Constant(ClockMove.Stay)),
        (40, Gen.Constant(ClockMove.Milliseconds)),
        (15, Gen.Constant(ClockMove.Minutes)),
        (4, Gen.Constant(ClockMove.Back)),
        (1, Gen.Constant(ClockMove.JustBeforeClosing)),
        (1, Gen.Constant(ClockMove.Closing)),
        (1, Gen.Constant(ClockMove.JustBeforeOpening)),
        (3, Gen.Constant(ClockMove.Opening)),
        (1, Gen.Constant(ClockMove.NextNoon)));

    /// <summary>Leaves out ever smaller runs of steps, then simplifies single steps.</summary>
    private static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        IReadOnlyList<Step> steps = scenario.Steps;
        for (int length = steps.Count / 2; length > 0; length /= 2)
        {
            for (int start = 0; start + length <= steps.Count; start += length)
            {
                yield return new Scenario([.. steps.Take(start), .. steps.Skip(start + length)]);
            }
        }

        for (int index = 0; index < steps.Count; index++)
        {
            foreach (Step plainer in Plainer(steps[index]))
            {
                yield return new Scenario([.. steps.Take(index), plainer, .. steps.Skip(index + 1)]);
            }
        }
    }

    private static IEnumerable<Step> Plainer(Step step)
    {
        if (step.Clock != ClockMove.Stay)
        {
            yield return step with { Clock = ClockMove.Stay, ClockBy = 0 };
        }

        if (step.AmountFen > 1)
        {
            yield return step with { AmountFen = 1 };
            yield return step with { AmountFen = step.AmountFen / 2 };
        }

        if (step.Choice > 0)
        {
            yield return step with { Choice = 0 };
        }
    }
}
