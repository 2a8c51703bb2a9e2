using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Workload;

/// <summary>How much a run does, with how many clients and how much skew; drawn from the seed.</summary>
public sealed record WorkloadPlan
{
    private const int RoundEvery = 8;
    private const long RoundTo = 500;

    /// <summary>
    /// Amounts and caps are multiples of this: 1 in most runs, and in some so large that caps are used up to the last fen. It is not drawn at random, so
    /// that the other runs stay as they were.
    /// </summary>
    public long RoundFen { get; init; } = 1;

    public required int Persons { get; init; }

    public required int Clients { get; init; }

    /// <summary>The number of commands that clients give, without retries.</summary>
    public required int Commands { get; init; }

    /// <summary>1: all accounts are used equally; larger: a few accounts get most of the commands.</summary>
    public required double Skew { get; init; }

    /// <summary>The number of nights that the clock crosses.</summary>
    public required int Nights { get; init; }

    /// <summary>The probability that a wallet is opened with automatic acceptance.</summary>
    public required double AutoAccept { get; init; }

    /// <summary>The probability that a client does not wait for the answer to a request.</summary>
    public required double Abandon { get; init; }

    /// <summary>The probability that a request is sent twice at once.</summary>
    public required double SendTwice { get; init; }

    /// <summary>Scales the share of unusual persons and regions (not insured, no wallet, not live).</summary>
    public double Oddness { get; init; } = 1;

    /// <summary>The transfers per day that most regions allow.</summary>
    public required int TransfersPerDay { get; init; }

    /// <summary>The frequency of each operation, by its place in <see cref="OperationList.All"/>.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Many commands on many accounts, most of which move money: a peak day.</summary>
    public static WorkloadPlan PeakDay(ulong seed) => FromSeed(seed) with
    {
        Persons = 2_000,
        Clients = 512,
        Commands = 100_000,
        Skew = 1,
        TransfersPerDay = 1_000_000,
        Abandon = 0,
        SendTwice = 0,
        AutoAccept = 0.5,
        Oddness = 0.1,
        Weights = [.. OperationList.All.Select(operation => operation.Weight)],
    };

    public static WorkloadPlan FromSeed(ulong seed)
    {
        Prng prng = Prng.For(seed, "workload");
        return new WorkloadPlan
        {
            Persons = prng.Between(6, 120),
            RoundFen = seed % RoundEvery == 0 ? RoundTo : 1,
            Clients = prng.Pick<int>([2, 8, 24, 64]),
            Commands = (int)(300 * Math.Pow(20, prng.NextDouble())),
            Skew = 1 + 2 * prng.NextDouble(),
            Nights = prng.Between(2, 4),
            AutoAccept = prng.Pick<double>([0.1, 0.5, 0.9]),
            Abandon = prng.Chance(0.5) ? 0.03 : 0,
            SendTwice = prng.Chance(0.5) ? 0.05 : 0,
            TransfersPerDay = prng.Pick<int>([3, 20, 1_000, 1_000_000]),
            Weights = [.. OperationList.All.Select(operation => operation.Weight * prng.Pick<double>([0.3, 1, 1, 3]))],
        };
    }
}
