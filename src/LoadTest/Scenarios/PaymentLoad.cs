using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>Payments at a hospital through the grains, each from all sources of its family. When the answer comes, the payment is made and every part is gone.</summary>
internal sealed class PaymentLoad(IGrainFactory grains, PaymentFamilies families, int sources, TimeProvider time) : ILoad
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private int _last = -1;

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        if (families.PayerOf(Interlocked.Increment(ref _last)) is not { } person)
        {
            await Task.Delay(Rest, time);
            return "every prepared payer has paid";
        }

        Pay command = new(
            worker.Chance.NextId(time.GetUtcNow()), person, "H32050000001", PaymentPurpose.Hospital, person, null, 0, families.AmountFen, null, AllowCash: false);
        Reply<PaymentView> reply = await grains.GetPayment(command.Id).PayAsync(command);
        return reply.IsRefused ? RefusalCodes.ToText(reply.Code.Value)
            : reply.Value.Parts.Length == sources ? null
            : $"paid in {reply.Value.Parts.Length} parts";
    }
}
