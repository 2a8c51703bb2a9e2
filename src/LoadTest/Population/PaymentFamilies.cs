using System.Globalization;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>
/// People who can pay once: each has the money of one part, and from each relative a quota of one part, so that a payment takes all of its
/// sources. Sources are used up in their order, so nobody could pay so twice. Who pays from one account alone has enough for ever.
/// </summary>
/// <param name="sources">Accounts that a payment takes money from, the payer's own among them.</param>
/// <param name="payments">How many payments there will be at most.</param>
internal sealed class PaymentFamilies(int sources, int payments)
{
    private const int AtOnce = 512;

    public int Payers { get; } = sources == 1 ? Math.Min(payments, BenchLimits.LastingPayers) : payments;

    /// <summary>Who makes a payment, by its number; null when everybody who can pay once has.</summary>
    public string? PayerOf(int payment) => sources == 1 ? PayerName(payment % Payers) : payment < Payers ? PayerName(payment) : null;

    /// <summary>What a payment is of, in fen.</summary>
    public long AmountFen => sources * BenchLimits.AmountFen;

    private string PayerName(int payer) => string.Create(CultureInfo.InvariantCulture, $"F{sources}-{payer:D8}");

    /// <summary>Makes them, through the grains; so they are warm too.</summary>
    public async Task PrepareAsync(IGrainFactory grains, TimeProvider time, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        int givers = (sources - 1) * ((Payers + Limits.RelationsMax - 1) / Limits.RelationsMax);
        await Parallel.ForAsync(0, givers, options, async (giver, _) =>
            await RegisterAsync(grains, time, GiverName(giver), giver + 1, Limits.RelationsMax * BenchLimits.AmountFen));
        int done = 0;
        await Parallel.ForAsync(0, Payers, options, async (payer, _) =>
        {
            await RegisterAsync(grains, time, PayerName(payer), payer, sources == 1 ? BenchLimits.CreditFen : BenchLimits.AmountFen);
            for (int relative = 0; relative < sources - 1; relative++)
            {
                string giver = GiverName((payer / Limits.RelationsMax * (sources - 1)) + relative);
                Require(await grains.GetRelations().PutAsync(giver, new PutRelation(PayerName(payer), Kinship.Parent, BenchLimits.AmountFen)));
                Require(await grains.GetRelations().ConsentAsync(giver, PayerName(payer)));
            }

            progress.Report(Interlocked.Increment(ref done));
        });
    }

    private string GiverName(int giver) => string.Create(CultureInfo.InvariantCulture, $"G{sources}-{giver:D8}");

    private static async Task RegisterAsync(IGrainFactory grains, TimeProvider time, string person, int number, long creditFen)
    {
        IInsuredPersonGrain grain = grains.GetGrain<IInsuredPersonGrain>(person);
        Require(await grain.RegisterAsync(new RegisterPerson(Population.RegionOf(number).ToString(), Insurance.Employee, InsuranceStatus.Active)));
        Require(await grain.CreditAsync(new CreditPerson(Guid.CreateVersion7(time.GetUtcNow()), creditFen, "2024-12")));
    }

    private static void Require<T>(Reply<T> reply)
        where T : class
    {
        if (reply.IsRefused)
        {
            throw new InvalidOperationException($"The preparation was refused: {reply.Refusal}");
        }
    }
}
