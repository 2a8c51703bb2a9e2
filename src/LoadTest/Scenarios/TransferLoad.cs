using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>Transfers through the grains, to recipients with automatic acceptance. When the answer comes, they are held, received and posted.</summary>
internal sealed class TransferLoad(IGrainFactory grains, IPairs pairs, TimeProvider time) : ILoad
{
    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        (int payer, int payee) = pairs.Next(worker.Chance);
        CreateTransfer command = new(
            worker.Chance.NextId(time.GetUtcNow()), Population.NameOf(payer), Population.NameOf(payee), TransferSource.Personal, BenchLimits.AmountFen, Kinship.Parent);
        Reply<TransferView> reply = await grains.GetTransfer(command.Id).CreateAsync(command);
        return reply.IsRefused ? RefusalCodes.ToText(reply.Code.Value)
            : reply.Value.Status == TransferStatus.Settled ? null
            : $"answered {TransferStatuses.ToText(reply.Value.Status)}";
    }
}
