using System.Globalization;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>
/// People who can pay once. Each has the money for one part, and a quota of one part from each relative, so that a payment draws on all of its
/// sources. Sources are used up in order, so a second such payment is impossible. A person who pays from one account alone has enough for any number.
/// </summary>
/// <param name="sources">The number of accounts that a payment takes money from, including the payer's own.</param>
/// <param name="payments">The most payments that will be made.</param>
internal sealed class PaymentFamilies(int sources, int payments)
{
    private const int AtOnce = 512;

    public int Payers { get; } = sources == 1 ? Math.Min(payments, BenchLimits.LastingPayers) : payments;

    /// <summary>The payer of a payment, by the payment's number; null when everybody who can pay once has done so.</summary>
    public string? PayerOf(int payment) => sources == 1 ? PayerName(payment % Payers) : payment < Payers ? PayerName(payment) : null;

    /// <summary>The amount of a payment, in fen.</summary>
    public long AmountFen => sources * BenchLimits.AmountFen;

    private string PayerName(int payer) => string.Create(CultureInfo.InvariantCulture, $"F{sources}-{payer:D8}");

    /// <summary>Creates the families through the grains, which also warms them up.</summary>
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
