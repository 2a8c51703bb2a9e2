using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>
/// Transfers that one call holds and a second one accepts. Each caller has its own recipients, so it never finds a previous transfer waiting.
/// </summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="population">The persons.</param>
/// <param name="callers">The number of callers: at most as many as there are persons who accept by hand.</param>
/// <param name="time">The clock for ids.</param>
internal sealed class AcceptLoad(IGrainFactory grains, Population population, int callers, TimeProvider time) : ILoad
{
    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        int own = (population.ManualCount - worker.Index + callers - 1) / callers;
        string payee = Population.NameOf(population.Count + worker.Index + worker.Chance.Next(own) * callers);
        string payer = Population.NameOf(worker.Chance.Next(population.Count));
        Guid id = worker.Chance.NextId(time.GetUtcNow());
        CreateTransfer command = new(id, payer, payee, TransferSource.Personal, BenchLimits.AmountFen, Kinship.Parent);
        Reply<TransferView> held = await grains.GetTransfer(id).CreateAsync(command);
        if (held.IsRefused)
        {
            return RefusalCodes.ToText(held.Code.Value);
        }

        Reply<TransferView> accepted = await grains.GetTransfer(id).EndAsync(new EndTransfer(id, payee, TransferAction.Accept));
        return accepted.IsRefused ? RefusalCodes.ToText(accepted.Code.Value)
            : accepted.Value.Status == TransferStatus.Settled ? null
            : $"answered {TransferStatuses.ToText(accepted.Value.Status)}";
    }
}
